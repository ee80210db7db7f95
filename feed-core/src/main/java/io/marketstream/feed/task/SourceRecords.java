package io.marketstream.feed.task;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.ledger.InFlightBatches;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.Heartbeat;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.RejectedInput;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.feed.record.TopicNames;
import io.marketstream.feed.repair.GapRepairs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Creates the Kafka records of a {@code poll}: their keys, values, timestamps and offsets. Owned by
 * the task thread.
 */
final class SourceRecords {

  /**
   * A record with a reference to its batch. Connect passes the same object back when the record is
   * acknowledged.
   */
  private static final class BatchedRecord extends SourceRecord {
    private static final long serialVersionUID = 1L;
    private final transient InFlightBatches.@Nullable Batch batch;

    BatchedRecord(
        InFlightBatches.@Nullable Batch batch,
        Map<String, ?> partition,
        @Nullable Map<String, ?> offset,
        String topic,
        String key,
        Schema valueSchema,
        Object value,
        long timestamp) {
      super(
          partition, offset, topic, null, Schema.STRING_SCHEMA, key, valueSchema, value, timestamp);
      this.batch = batch;
    }

    /**
     * Compares identities. A worker with exactly-once support uses unacknowledged records as the
     * keys of a map. Two rejects may have equal content, and both must be acknowledged.
     */
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private final TopicNames names;
  private final SourceOffsets offsets;
  private final InFlightBatches inFlight;
  private final @Nullable GapRepairs repairs;
  private final Map<String, Map<String, String>> partitions = new HashMap<>();
  private final boolean allSymbols;
  private final @Nullable Map<String, ?> storedHeartbeatOffset;
  private long polls;
  private long newestSession;
  private Map<String, ?> lastPartition;
  private @Nullable Map<String, ?> lastOffset;

  /**
   * @param symbol the symbol whose offset the rejects before the first tick repeat
   * @param stored the stored cursors at the start, by symbol. Rejects before the first tick and
   *     heartbeats before the first session repeat them. A record without an offset would delete
   *     the stored one
   * @param allSymbols whether the task subscribes to everything
   * @param repairs learns of every gap; null if gaps are not repaired
   */
  SourceRecords(
      TopicNames names,
      String symbol,
      Map<String, SourceCursor> stored,
      boolean allSymbols,
      SourceOffsets offsets,
      InFlightBatches inFlight,
      @Nullable GapRepairs repairs) {
    this.names = names;
    this.repairs = repairs;
    this.allSymbols = allSymbols;
    this.offsets = offsets;
    this.inFlight = inFlight;
    this.lastPartition = partition(symbol);
    this.lastOffset = offset(stored.get(symbol));
    this.storedHeartbeatOffset = offset(stored.get(SourceCursor.ALL_SYMBOLS));
  }

  private static @Nullable Map<String, ?> offset(@Nullable SourceCursor stored) {
    return stored == null ? null : stored.toOffset();
  }

  /**
   * A heartbeat that is due, and what its offset may claim.
   *
   * @param receivedUntil epoch ms until which nothing was missed when the heartbeat was created,
   *     before the entries of this poll were taken
   * @param drainedAll whether these entries are all that had been received until then
   */
  record DueHeartbeat(Heartbeat heartbeat, long receivedUntil, boolean drainedAll) {}

  /**
   * Creates the records of a poll.
   *
   * @param due null if no heartbeat is due
   * @param maxRepaired how many records of repairs may follow, about
   */
  List<SourceRecord> of(FeedBuffer.Drained drained, @Nullable DueHeartbeat due, int maxRepaired) {
    polls++;
    offsets.startPoll(polls);
    List<BufferEntry> entries = drained.entries();
    offsets.dropped(drained.drops());
    long oldest = Long.MAX_VALUE;
    for (BufferEntry entry : entries) {
      oldest = Math.min(oldest, entry.since());
    }
    InFlightBatches.Batch batch = entries.isEmpty() ? null : inFlight.open(oldest, entries.size());
    long safeUntil = Math.min(inFlight.safeUntil(), drained.oldestUnrecordedDrop());
    List<SourceRecord> records = new ArrayList<>(entries.size() + 1);
    for (BufferEntry entry : entries) {
      if (entry instanceof BufferEntry.Tick e) {
        records.add(tick(e.tick(), batch, safeUntil));
      } else if (entry instanceof BufferEntry.Gap e) {
        records.add(gap(e, batch, safeUntil));
      } else if (entry instanceof BufferEntry.Reject e) {
        records.add(rejected(e.rejected(), batch));
      }
    }
    if (due != null) {
      records.add(heartbeat(due, safeUntil));
    }
    // After the gaps of this poll, so that their offsets hold what these have added.
    if (repairs != null && maxRepaired > 0) {
      for (GapRepairs.Repaired record : repairs.take(maxRepaired)) {
        records.add(repaired(record));
      }
    }
    return records;
  }

  /**
   * Creates the record of a repair. It belongs to no batch, because it says nothing about the live
   * feed. What a kill loses is repeated: the offset of the record holds the progress of the repair.
   */
  private SourceRecord repaired(GapRepairs.Repaired record) {
    Map<String, String> partition = partition(record.symbol());
    Map<String, ?> offset = offsets.afterRepair(record.symbol(), record.progress()).toOffset();
    lastPartition = partition;
    lastOffset = offset;
    if (record.entry() instanceof BufferEntry.Tick tick) {
      return tick(tick.tick(), null, partition, offset);
    }
    if (record.entry() instanceof BufferEntry.Gap gap) {
      return gap(gap, null, partition, offset);
    }
    throw new IllegalStateException("a repair returns ticks and gaps only");
  }

  /** The record has been acknowledged, filtered out or skipped. Any thread. */
  static void acknowledge(SourceRecord record) {
    if (record instanceof BatchedRecord batched && batched.batch != null) {
      batched.batch.acknowledge();
    }
  }

  private SourceRecord tick(
      MarketTick tick, InFlightBatches.@Nullable Batch batch, long safeUntil) {
    lastPartition = partition(offsets.ledgerSymbol(tick.symbol()));
    lastOffset = offsetOf(offsetAfter(tick, safeUntil));
    newestSession = tick.session();
    return tick(tick, batch, lastPartition, lastOffset);
  }

  private SourceCursor offsetAfter(MarketTick tick, long safeUntil) {
    SourceCursor cursor = offsets.after(tick, safeUntil);
    if (repairs == null || !offsets.hasStartedOver(tick.symbol())) {
      return cursor;
    }
    repairs.startedOver(tick.symbol());
    offsets.repairs(tick.symbol(), null);
    return cursor.withRepairs(null);
  }

  private SourceRecord tick(
      MarketTick tick,
      InFlightBatches.@Nullable Batch batch,
      Map<String, ?> partition,
      @Nullable Map<String, ?> offset) {
    return new BatchedRecord(
        batch,
        partition,
        offset,
        names.ticks(),
        tick.symbol(),
        MarketTick.SCHEMA,
        tick.toStruct(),
        tick.receivedAt());
  }

  private SourceRecord gap(
      BufferEntry.Gap entry, InFlightBatches.@Nullable Batch batch, long safeUntil) {
    FeedGap gap = entry.gap();
    if (repairs != null) {
      gap = repairs.published(gap);
      offsets.repairs(gap.symbol(), repairs.progress(gap.symbol()));
    }
    lastPartition = partition(offsets.ledgerSymbol(gap.symbol()));
    lastOffset = offsetOf(offsets.after(gap, safeUntil));
    return gap(new BufferEntry.Gap(gap, entry.noticedAt()), batch, lastPartition, lastOffset);
  }

  /**
   * Creates the record of a gap. Its Kafka timestamp is the time when the connector noticed the
   * gap. The start of a gap can be old, and a broker may refuse records with an old timestamp.
   */
  private SourceRecord gap(
      BufferEntry.Gap entry,
      InFlightBatches.@Nullable Batch batch,
      Map<String, ?> partition,
      @Nullable Map<String, ?> offset) {
    FeedGap gap = entry.gap();
    return new BatchedRecord(
        batch,
        partition,
        offset,
        names.gaps(),
        gap.symbol(),
        FeedGap.SCHEMA,
        gap.toStruct(),
        entry.noticedAt());
  }

  /**
   * Creates the record of a heartbeat. It belongs to no batch, because its loss does no harm. While
   * entries wait in the buffer, its offset claims no more than the records before it.
   */
  private SourceRecord heartbeat(DueHeartbeat due, long safeUntil) {
    Heartbeat heartbeat = due.heartbeat();
    return new BatchedRecord(
        null,
        partition(SourceCursor.ALL_SYMBOLS),
        heartbeatOffset(due, safeUntil),
        names.heartbeats(),
        names.source(),
        Heartbeat.SCHEMA,
        heartbeat.toStruct(),
        heartbeat.sentAt());
  }

  private Map<String, ?> heartbeatOffset(DueHeartbeat due, long safeUntil) {
    long session = due.drainedAll() ? due.heartbeat().session() : newestSession;
    if (session == 0 && !allSymbols && storedHeartbeatOffset != null) {
      return storedHeartbeatOffset;
    }
    long receivedUntil =
        due.heartbeat().session() == 0 ? due.heartbeat().sentAt() : due.receivedUntil();
    long safe = due.drainedAll() ? Math.min(safeUntil, receivedUntil) : safeUntil;
    return offsets
        .afterHeartbeat(session, due.heartbeat().sentAt(), safe)
        .returnedBy(polls, allSymbols)
        .toOffset();
  }

  private Map<String, ?> offsetOf(SourceCursor cursor) {
    return cursor.returnedBy(polls, allSymbols).toOffset();
  }

  /**
   * Creates the record of a reject. It repeats the offset of the record before it. Its key is the
   * source. A compacted topic refuses records without a key, and that would fail the task.
   */
  private SourceRecord rejected(RejectedInput rejected, InFlightBatches.@Nullable Batch batch) {
    return new BatchedRecord(
        batch,
        lastPartition,
        lastOffset,
        names.rejected(),
        rejected.source(),
        RejectedInput.SCHEMA,
        rejected.toStruct(),
        rejected.receivedAt());
  }

  private Map<String, String> partition(String symbol) {
    Map<String, String> partition = partitions.get(symbol);
    if (partition == null) {
      partition = SourceCursor.partition(names.source(), symbol);
      partitions.put(symbol, partition);
    }
    return partition;
  }
}
