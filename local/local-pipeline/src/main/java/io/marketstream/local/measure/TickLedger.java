package io.marketstream.local.measure;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The distinct ticks of this run that a topic or table holds. A tick that is read again does not
 * count again. Safe for use by several threads.
 */
public final class TickLedger {
  private final Map<Partition, Map<Long, SequenceSet>> partitions = new HashMap<>();
  private final Map<Partition, Long> sizes = new HashMap<>();
  private final long firstSession;
  private long size;

  /**
   * Creates an empty set.
   *
   * @param runStart ticks of sessions that were opened before it do not count
   */
  public TickLedger(Instant runStart) {
    this.firstSession = runStart.toEpochMilli();
  }

  /** A partition of the table {@code ticks}. */
  record Partition(String source, String symbol, Instant hour) {
    static Partition of(String source, String symbol, Instant eventTime) {
      return new Partition(source, symbol, eventTime.truncatedTo(ChronoUnit.HOURS));
    }
  }

  /** Adds a tick, and returns whether it is new and of this run. */
  synchronized boolean add(Partition partition, long session, long sequence) {
    if (session < firstSession) {
      return false;
    }
    boolean fresh =
        partitions
            .computeIfAbsent(partition, absent -> new HashMap<>())
            .computeIfAbsent(session, absent -> new SequenceSet())
            .add(sequence);
    if (fresh) {
      sizes.merge(partition, 1L, Long::sum);
      size++;
    }
    return fresh;
  }

  /** Returns the number of ticks. */
  public synchronized long size() {
    return size;
  }

  /** Returns the number of ticks in a partition. */
  synchronized long size(Partition partition) {
    return sizes.getOrDefault(partition, 0L);
  }

  /** Partitions of which this ledger has more ticks than the other. */
  List<Partition> aheadOf(TickLedger other) {
    List<Partition> all;
    synchronized (this) {
      all = new ArrayList<>(partitions.keySet());
    }
    return all.stream().filter(partition -> size(partition) > other.size(partition)).toList();
  }
}
