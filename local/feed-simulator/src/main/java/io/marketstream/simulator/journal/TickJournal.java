package io.marketstream.simulator.journal;

import io.marketstream.simulator.market.SimTick;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The record of every tick that one simulator wrote to a socket. A pipeline must account for each
 * of them.
 *
 * <p>A tick is <em>sent</em> once Jetty reported the write of its message as done, that is, when
 * the operating system had taken the last byte. This does not prove that the client read it: data
 * in the buffers of a lost connection is lost, as with the real feed. A message whose write failed
 * is <em>unconfirmed</em>: the client may or may not have received it. No message follows it on
 * that connection, so unconfirmed ticks are always the last ones of their connection.
 *
 * <p>Ticks of one connection have the order of the wire. Thread-safe; a reader sees complete
 * messages.
 */
public final class TickJournal {

  private final boolean keepsTicks;
  private final @Nullable JournalFile file;
  private final List<SentTick> sent = new ArrayList<>();
  private final List<SimTick> unconfirmed = new ArrayList<>();
  private final Map<Long, ConnectionCounts> connections = new LinkedHashMap<>();
  private final Map<String, Count> bySymbol = new HashMap<>();
  private long sentCount;
  private long unconfirmedCount;

  private TickJournal(boolean keepsTicks, @Nullable JournalFile file) {
    this.keepsTicks = keepsTicks;
    this.file = file;
  }

  /** Keeps every tick in memory, at about 300 bytes per tick. Meant for tests. */
  public static TickJournal inMemory() {
    return new TickJournal(true, null);
  }

  /** Keeps only counts. Meant for long runs. */
  public static TickJournal countsOnly() {
    return new TickJournal(false, null);
  }

  /** Keeps counts in memory and appends every tick to {@code file}, which the caller closes. */
  public static TickJournal toFile(JournalFile file) {
    return new TickJournal(false, file);
  }

  /**
   * Every tick sent so far, in the order in which it was written.
   *
   * @throws IllegalStateException if this journal keeps no ticks in memory
   */
  public synchronized List<SentTick> sent() {
    requireTicks();
    return List.copyOf(sent);
  }

  /** The ticks of messages whose write failed. */
  public synchronized List<SimTick> unconfirmed() {
    requireTicks();
    return List.copyOf(unconfirmed);
  }

  /** How many ticks were sent. */
  public synchronized long sentCount() {
    return sentCount;
  }

  /** How many ticks were in messages whose write failed. */
  public synchronized long unconfirmedCount() {
    return unconfirmedCount;
  }

  /** The number of ticks sent per symbol, over all connections. */
  public synchronized Map<String, Long> sentBySymbol() {
    Map<String, Long> totals = new HashMap<>();
    bySymbol.forEach((symbol, count) -> totals.put(symbol, count.value));
    return totals;
  }

  public synchronized void opened(long connection, long openedAt) {
    connections.put(connection, new ConnectionCounts(openedAt));
  }

  public synchronized void wrote(
      long connection, List<? extends SimTick> ticks, Feed feed, long writtenAt)
      throws IOException {
    ConnectionCounts counts = counts(connection);
    for (SimTick tick : ticks) {
      long sequence = counts.next(tick.symbol());
      bySymbol.computeIfAbsent(tick.symbol(), unseen -> new Count()).value++;
      if (keepsTicks || file != null) {
        SentTick record =
            new SentTick(
                feed,
                connection,
                counts.openedAt,
                tick.symbol(),
                tick.price(),
                tick.volume(),
                tick.conditions(),
                tick.eventTimeMs(),
                tick.tradeId(),
                sequence,
                sentCount,
                writtenAt);
        if (keepsTicks) {
          sent.add(record);
        }
        if (file != null) {
          file.append(record);
        }
      }
      sentCount++;
    }
  }

  /** Frees the memory of a connection; no write to it may follow. */
  public synchronized void closed(long connection) {
    counts(connection).sequences.clear();
  }

  public synchronized void failed(List<? extends SimTick> ticks) {
    unconfirmedCount += ticks.size();
    if (keepsTicks) {
      unconfirmed.addAll(ticks);
    }
  }

  public synchronized FeedStats stats(int connected) {
    List<FeedStats.Session> sessions = new ArrayList<>();
    connections.forEach(
        (number, counts) ->
            sessions.add(new FeedStats.Session(number, counts.openedAt, counts.ticks)));
    return new FeedStats(
        sentCount, unconfirmedCount, connections.size(), connected, List.copyOf(sessions));
  }

  private ConnectionCounts counts(long connection) {
    return Objects.requireNonNull(
        connections.get(connection), () -> "Connection " + connection + " was never opened");
  }

  private void requireTicks() {
    if (!keepsTicks) {
      throw new IllegalStateException(
          "This journal keeps counts only; start the simulator with TickJournal.inMemory()");
    }
  }

  private static final class ConnectionCounts {
    private final long openedAt;
    private final Map<String, Count> sequences = new HashMap<>();
    private long ticks;

    private ConnectionCounts(long openedAt) {
      this.openedAt = openedAt;
    }

    private long next(String symbol) {
      ticks++;
      return sequences.computeIfAbsent(symbol, unseen -> new Count()).value++;
    }
  }

  private static final class Count {
    private long value;
  }
}
