package io.marketstream.spark.stream;

import static org.apache.spark.sql.RowFactory.create;

import io.marketstream.spark.cassandra.FeedGapsTable;
import io.marketstream.spark.cassandra.TicksTable;
import io.marketstream.spark.kafka.KafkaSource;
import io.marketstream.spark.kafka.RejectedTopic;
import io.marketstream.spark.metrics.Count;
import io.marketstream.spark.parse.RecordParser;
import io.marketstream.spark.record.Gap;
import io.marketstream.spark.record.MarketRecord;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.Reject;
import io.marketstream.spark.record.RejectReason;
import io.marketstream.spark.record.Tick;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Every Kafka record as a row for where it goes: exactly one of the three columns is set. */
final class ParseRecords implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  static final String TICK = "tick";
  static final String GAP = "gap";
  static final String REJECT = "reject";

  static final StructType SCHEMA =
      new StructType()
          .add(TICK, TicksTable.SCHEMA, true)
          .add(GAP, FeedGapsTable.SCHEMA, true)
          .add(REJECT, RejectedTopic.SCHEMA, true);

  /** A feed is late beyond this, as the connectors count it. */
  private static final long DELAYED_MS = 60_000;

  /** Beyond this, the clock of the worker is behind or that of the provider ahead. */
  private static final long AHEAD_MS = 2_000;

  private final String gapsTopic;
  private final long futureToleranceMs;
  private final BatchCounters counters;

  ParseRecords(String gapsTopic, long futureToleranceMs, BatchCounters counters) {
    this.gapsTopic = gapsTopic;
    this.futureToleranceMs = futureToleranceMs;
    this.counters = counters;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> records) {
    RecordParser parser = new RecordParser(gapsTopic, futureToleranceMs);
    long start = System.currentTimeMillis();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return records.hasNext();
      }

      @Override
      public Row next() {
        Row record = records.next();
        counters.add(Count.READ, 1);
        try {
          return route(parse(parser, record), start);
        } catch (RuntimeException | StackOverflowError defect) {
          return rejected(
              RecordParser.internalError(
                  position(record),
                  record.getAs(KafkaSource.VALUE),
                  record.getLong(KafkaSource.TIMESTAMP),
                  defect));
        }
      }
    };
  }

  static MarketRecord parse(RecordParser parser, Row record) {
    return parser.parse(
        position(record), record.getAs(KafkaSource.VALUE), record.getLong(KafkaSource.TIMESTAMP));
  }

  private static RecordPosition position(Row record) {
    return new RecordPosition(
        record.getString(KafkaSource.TOPIC),
        record.getInt(KafkaSource.PARTITION),
        record.getLong(KafkaSource.OFFSET));
  }

  private Row route(MarketRecord record, long start) {
    if (record instanceof Tick tick) {
      Row row = create(TicksTable.row(tick), null, null);
      counters.add(Count.TICKS, 1);
      counters.add(Count.WRITTEN, 1);
      counters.addAge(start - tick.receivedAt());
      countDelay(tick.receivedAt() - tick.eventTime());
      return row;
    }
    if (record instanceof Gap gap) {
      Row row = create(null, FeedGapsTable.row(gap), null);
      counters.add(Count.GAPS, 1);
      counters.add(Count.WRITTEN, 1);
      return row;
    }
    return rejected((Reject) record);
  }

  private void countDelay(long ms) {
    if (ms > DELAYED_MS) {
      counters.add(Count.DELAYED, 1);
    } else if (ms < -AHEAD_MS) {
      counters.add(Count.AHEAD, 1);
    }
  }

  private Row rejected(Reject reject) {
    Row row = create(null, null, RejectedTopic.row(reject));
    counters.add(Count.REJECTED, 1);
    if (reject.reason() == RejectReason.INTERNAL_ERROR) {
      counters.add(Count.INTERNAL_ERRORS, 1);
    }
    return row;
  }
}
