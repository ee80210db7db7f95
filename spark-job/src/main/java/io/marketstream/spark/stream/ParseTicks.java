package io.marketstream.spark.stream;

import io.marketstream.spark.codec.TickCodec;
import io.marketstream.spark.kafka.KafkaSource;
import io.marketstream.spark.metrics.BatchCountsAccumulator;
import io.marketstream.spark.metrics.JobCounter;
import io.marketstream.spark.parse.RecordParser;
import io.marketstream.spark.record.Tick;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Returns the tick of a Kafka record, encoded, for the fold beside a real-time query. It stores
 * nothing, because the real-time query does.
 */
final class ParseTicks implements FlatMapFunction<Row, byte[]> {
  private static final long serialVersionUID = 1L;

  private final String gapsTopic;
  private final long futureToleranceMs;
  private final BatchCountsAccumulator counters;

  private transient @Nullable RecordParser parser;

  ParseTicks(String gapsTopic, long futureToleranceMs, BatchCountsAccumulator counters) {
    this.gapsTopic = gapsTopic;
    this.futureToleranceMs = futureToleranceMs;
    this.counters = counters;
  }

  @Override
  public Iterator<byte[]> call(Row row) {
    counters.add(JobCounter.READ, 1);
    List<byte[]> ticks = new ArrayList<>(1);
    if (parser().parse(RecordIntake.position(row), RecordIntake.value(row), timestamp(row))
        instanceof Tick tick) {
      counters.add(JobCounter.TICKS, 1);
      encode(tick, ticks);
    }
    return ticks.iterator();
  }

  /** A tick that cannot be encoded is a reject of the real-time query. */
  @SuppressWarnings("EmptyCatch")
  private static void encode(Tick tick, List<byte[]> ticks) {
    try {
      ticks.add(TickCodec.encode(tick));
    } catch (RuntimeException | StackOverflowError defect) {
      // The real-time query reports the defect.
    }
  }

  private static long timestamp(Row row) {
    return row.getLong(KafkaSource.TIMESTAMP);
  }

  private RecordParser parser() {
    if (parser == null) {
      parser = new RecordParser(gapsTopic, futureToleranceMs);
    }
    return parser;
  }
}
