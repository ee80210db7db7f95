package io.marketstream.feed.task;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.ledger.AcknowledgedUntil;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.Heartbeat;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.RejectedInput;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.feed.record.TopicNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Makes the records of one {@code poll}: their keys, values, timestamps and offsets. Owned by the
 * task thread.
 */
final class SourceRecords {

  /**
   * A record that knows its batch, so that its acknowledgement finds it. Connect hands the very
   * object back.
   */
  private static final class BatchedRecord extends SourceRecord {
    private static final long serialVersionUID = 1L;
    private final transient AcknowledgedUntil.Batch batch;

    BatchedRecord(
        AcknowledgedUntil.Batch batch,
        Map<String, ?> partition,
        Map<String, ?> offset,
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
     * A worker with exactly-once support keeps the records that it has yet to acknowledge as keys
     * of a map. Two rejects may be equal in everything, and each must be acknowledged.
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
  private final CursorBook cursors;
  private final AcknowledgedUntil acknowledged;
  private final Map<String, Map<String, String>> partitions = new HashMap<>();
  private final boolean allSymbols;
  private final Map<String, ?> storedOfHeartbeats;
  private long polls;
  private long newestSession;
  private Map<String, ?> lastPartition;
  private Map<String, ?> lastOffset;

  /**
   * @param symbol any symbol of the ledger: rejects before the first tick are filed under it
   * @param stored the cursors that the start found, by symbol: rejects before the first tick repeat
   *     that of theirs, and heartbeats before the first session that of {@code *}. A record without
   *     an offset would delete it
   * @param allSymbols whether the task subscribes to everything
   */
  SourceRecords(
      TopicNames names,
      String symbol,
      Map<String, SourceCursor> stored,
      boolean allSymbols,
      CursorBook cursors,
      AcknowledgedUntil acknowledged) {
    this.names = names;
    this.allSymbols = allSymbols;
    this.cursors = cursors;
    this.acknowledged = acknowledged;
    this.lastPartition = partition(symbol);
    this.lastOffset = offset(stored.get(symbol));
    this.storedOfHeartbeats = offset(stored.get(SourceCursor.ALL_SYMBOLS));
  }

  private static Map<String, ?> offset(SourceCursor stored) {
    return stored == null ? null : stored.toOffset();
  }

  /**
   * A heartbeat that is due, and what it may say of the past.
   *
   * @param heardUntil epoch ms until which the feed had been heard when the heartbeat was made,
   *     before the entries beside it were taken
   * @param nothingWaits whether these entries are all that had been received until then
   */
  record Beat(Heartbeat heartbeat, long heardUntil, boolean nothingWaits) {}

  /**
   * @param beat null where no heartbeat is due
   */
  List<SourceRecord> of(FeedBuffer.Drained drained, Beat beat) {
    polls++;
    List<BufferEntry> entries = drained.entries();
    cursors.dropped(drained.drops());
    long oldest = Long.MAX_VALUE;
    for (BufferEntry entry : entries) {
      oldest = Math.min(oldest, entry.since());
    }
    AcknowledgedUntil.Batch batch =
        entries.isEmpty() ? null : acknowledged.open(oldest, entries.size());
    long safeUntil = Math.min(acknowledged.safeUntil(), drained.oldestUnrecordedDrop());
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
    if (beat != null) {
      records.add(heartbeat(beat, safeUntil));
    }
    return records;
  }

  static void acknowledge(SourceRecord record) {
    if (record instanceof BatchedRecord batched && batched.batch != null) {
      batched.batch.acknowledge();
    }
  }

  private SourceRecord tick(MarketTick tick, AcknowledgedUntil.Batch batch, long safeUntil) {
    lastPartition = partition(cursors.ledgerSymbol(tick.symbol()));
    lastOffset = offsetOf(cursors.after(tick, safeUntil));
    newestSession = tick.session();
    return new BatchedRecord(
        batch,
        lastPartition,
        lastOffset,
        names.ticks(),
        tick.symbol(),
        MarketTick.SCHEMA,
        tick.toStruct(),
        tick.receivedAt());
  }

  /**
   * Its Kafka timestamp is when we noticed it: a broker may refuse a record whose timestamp is old,
   * and the start of a gap can be.
   */
  private SourceRecord gap(BufferEntry.Gap entry, AcknowledgedUntil.Batch batch, long safeUntil) {
    FeedGap gap = entry.gap();
    lastPartition = partition(cursors.ledgerSymbol(gap.symbol()));
    lastOffset = offsetOf(cursors.after(gap, safeUntil));
    return new BatchedRecord(
        batch,
        lastPartition,
        lastOffset,
        names.gaps(),
        gap.symbol(),
        FeedGap.SCHEMA,
        gap.toStruct(),
        entry.noticedAt());
  }

  /**
   * Its loss loses nothing, so it belongs to no batch. While entries wait it says no more than the
   * records before it.
   */
  private SourceRecord heartbeat(Beat beat, long safeUntil) {
    Heartbeat heartbeat = beat.heartbeat();
    return new BatchedRecord(
        null,
        partition(SourceCursor.ALL_SYMBOLS),
        heartbeatOffset(beat, safeUntil),
        names.heartbeats(),
        names.source(),
        Heartbeat.SCHEMA,
        heartbeat.toStruct(),
        heartbeat.sentAt());
  }

  private Map<String, ?> heartbeatOffset(Beat beat, long safeUntil) {
    long session = beat.nothingWaits() ? beat.heartbeat().session() : newestSession;
    if (session == 0 && !allSymbols && storedOfHeartbeats != null) {
      return storedOfHeartbeats;
    }
    long heardUntil =
        beat.heartbeat().session() == 0 ? beat.heartbeat().sentAt() : beat.heardUntil();
    long safe = beat.nothingWaits() ? Math.min(safeUntil, heardUntil) : safeUntil;
    return cursors
        .afterHeartbeat(session, beat.heartbeat().sentAt(), safe)
        .returnedBy(polls, allSymbols)
        .toOffset();
  }

  private Map<String, ?> offsetOf(SourceCursor cursor) {
    return cursor.returnedBy(polls, allSymbols).toOffset();
  }

  /**
   * A reject moves no symbol on: it repeats the offset of the record before it. Its key is the
   * source, because a compacted topic refuses records without a key, and that fails the task.
   */
  private SourceRecord rejected(RejectedInput rejected, AcknowledgedUntil.Batch batch) {
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
