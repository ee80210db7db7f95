package io.marketstream.feed.task;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.ledger.AcknowledgedUntil;
import io.marketstream.feed.record.FeedGap;
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
  private Map<String, ?> lastPartition;
  private Map<String, ?> lastOffset;

  /**
   * @param symbol any symbol of the ledger: rejects before the first tick are filed under it
   * @param storedOffset the offset stored for that symbol, which those rejects repeat; null if
   *     there is none. A record without an offset would delete it.
   */
  SourceRecords(
      TopicNames names,
      String symbol,
      Map<String, ?> storedOffset,
      CursorBook cursors,
      AcknowledgedUntil acknowledged) {
    this.names = names;
    this.cursors = cursors;
    this.acknowledged = acknowledged;
    this.lastPartition = partition(symbol);
    this.lastOffset = storedOffset;
  }

  List<SourceRecord> of(FeedBuffer.Drained drained) {
    List<BufferEntry> entries = drained.entries();
    cursors.dropped(drained.drops());
    long oldest = Long.MAX_VALUE;
    for (BufferEntry entry : entries) {
      oldest = Math.min(oldest, entry.since());
    }
    AcknowledgedUntil.Batch batch = acknowledged.open(oldest, entries.size());
    long safeUntil = Math.min(acknowledged.safeUntil(), drained.oldestUnrecordedDrop());
    List<SourceRecord> records = new ArrayList<>(entries.size());
    for (BufferEntry entry : entries) {
      if (entry instanceof BufferEntry.Tick e) {
        records.add(tick(e.tick(), batch, safeUntil));
      } else if (entry instanceof BufferEntry.Gap e) {
        records.add(gap(e.gap(), batch, safeUntil));
      } else if (entry instanceof BufferEntry.Reject e) {
        records.add(rejected(e.rejected(), batch));
      }
    }
    return records;
  }

  static void acknowledge(SourceRecord record) {
    if (record instanceof BatchedRecord batched) {
      batched.batch.acknowledge();
    }
  }

  private SourceRecord tick(MarketTick tick, AcknowledgedUntil.Batch batch, long safeUntil) {
    lastPartition = partition(cursors.ledgerSymbol(tick.symbol()));
    lastOffset = cursors.after(tick, safeUntil).toOffset();
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

  private SourceRecord gap(FeedGap gap, AcknowledgedUntil.Batch batch, long safeUntil) {
    lastPartition = partition(cursors.ledgerSymbol(gap.symbol()));
    lastOffset = cursors.after(gap, safeUntil).toOffset();
    return new BatchedRecord(
        batch,
        lastPartition,
        lastOffset,
        names.gaps(),
        gap.symbol(),
        FeedGap.SCHEMA,
        gap.toStruct(),
        gap.isOpen() ? gap.gapStart() : gap.gapEnd());
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
    return partitions.computeIfAbsent(symbol, s -> SourceCursor.partition(names.source(), s));
  }
}
