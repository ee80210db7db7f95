package io.marketstream.spark.stream;

import io.marketstream.spark.codec.TickCodec;
import io.marketstream.spark.metrics.Count;
import io.marketstream.spark.parse.RecordParser;
import io.marketstream.spark.record.Tick;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/** The ticks among Kafka records, encoded for the shuffle. Rejects are the other query's. */
final class TicksOnly implements MapPartitionsFunction<Row, byte[]> {
  private static final long serialVersionUID = 1L;

  private final String gapsTopic;
  private final long futureToleranceMs;
  private final BatchCounters counters;

  TicksOnly(String gapsTopic, long futureToleranceMs, BatchCounters counters) {
    this.gapsTopic = gapsTopic;
    this.futureToleranceMs = futureToleranceMs;
    this.counters = counters;
  }

  @Override
  public Iterator<byte[]> call(Iterator<Row> records) {
    RecordParser parser = new RecordParser(gapsTopic, futureToleranceMs);
    long start = System.currentTimeMillis();
    return new Iterator<>() {
      private byte[] next;

      @Override
      public boolean hasNext() {
        while (next == null && records.hasNext()) {
          counters.add(Count.READ, 1);
          if (ParseRecords.parse(parser, records.next()) instanceof Tick tick) {
            counters.addAge(start - tick.receivedAt());
            next = TickCodec.encode(tick);
          }
        }
        return next != null;
      }

      @Override
      public byte[] next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        byte[] tick = next;
        next = null;
        return tick;
      }
    };
  }
}
