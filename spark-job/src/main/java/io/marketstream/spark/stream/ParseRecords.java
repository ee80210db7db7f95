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
        return route(parse(parser, records.next()), start);
      }
    };
  }

  static MarketRecord parse(RecordParser parser, Row record) {
    RecordPosition at =
        new RecordPosition(
            record.getString(KafkaSource.TOPIC),
            record.getInt(KafkaSource.PARTITION),
            record.getLong(KafkaSource.OFFSET));
    byte[] value = record.getAs(KafkaSource.VALUE);
    return parser.parse(at, value, record.getLong(KafkaSource.TIMESTAMP));
  }

  private Row route(MarketRecord record, long start) {
    counters.add(Count.READ, 1);
    if (record instanceof Tick tick) {
      counters.add(Count.TICKS, 1);
      counters.add(Count.WRITTEN, 1);
      counters.addAge(start - tick.receivedAt());
      return create(TicksTable.row(tick), null, null);
    }
    if (record instanceof Gap gap) {
      counters.add(Count.GAPS, 1);
      counters.add(Count.WRITTEN, 1);
      return create(null, FeedGapsTable.row(gap), null);
    }
    counters.add(Count.REJECTED, 1);
    return create(null, null, RejectedTopic.row((Reject) record));
  }
}
