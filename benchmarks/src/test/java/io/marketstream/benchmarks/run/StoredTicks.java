package io.marketstream.benchmarks.run;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.marketstream.benchmarks.contender.BenchTick;
import java.util.Arrays;

/** The rows of {@code ticks}, each checked, with the time at which each was written. */
final class StoredTicks {
  private final TickSet ticks = new TickSet();
  private long[] receivedAt = new long[1 << 16];
  private long[] writtenAt = new long[1 << 16];

  /**
   * Reads the whole table.
   *
   * @throws AssertionError if a column of a row has another value than was published
   */
  static StoredTicks read(CqlSession session, String keyspace) {
    StoredTicks stored = new StoredTicks();
    session
        .execute(
            SimpleStatement.newInstance(
                "SELECT source, symbol, session, sequence, event_time, kind, price, volume,"
                    + " conditions, received_at, writetime(price) AS written_at FROM "
                    + keyspace
                    + ".ticks"))
        .forEach(stored::add);
    return stored;
  }

  private void add(Row row) {
    BenchTick tick =
        new BenchTick(
            BenchTick.symbolOf(row.getString("symbol")),
            row.getLong("sequence"),
            row.getInstant("event_time").toEpochMilli());
    long received = row.getInstant("received_at").toEpochMilli();
    boolean isWhole =
        BenchTick.SOURCE.equals(row.getString("source"))
            && BenchTick.SESSION == row.getLong("session")
            && BenchTick.KIND.equals(row.getString("kind"))
            && tick.price().compareTo(row.getBigDecimal("price")) == 0
            && tick.volume().compareTo(row.getBigDecimal("volume")) == 0
            && BenchTick.CONDITIONS.equals(row.getList("conditions", String.class))
            && tick.time() == received;
    if (!isWhole) {
      throw new AssertionError("not as published: " + row.getFormattedContents());
    }
    int index = (int) ticks.count();
    if (index == receivedAt.length) {
      receivedAt = Arrays.copyOf(receivedAt, index * 2);
      writtenAt = Arrays.copyOf(writtenAt, index * 2);
    }
    receivedAt[index] = received;
    writtenAt[index] = row.getLong("written_at");
    ticks.add(tick);
  }

  TickSet ticks() {
    return ticks;
  }

  /**
   * Returns the time from receipt to write of each tick that was received at this time or later.
   *
   * @param since epoch ms
   * @return ms, in ascending order
   */
  double[] latenciesMs(long since) {
    return latenciesMs(since, Long.MAX_VALUE);
  }

  /**
   * Returns the time from receipt to write of each tick that was received in a period.
   *
   * @param since epoch ms, inclusive
   * @param until epoch ms, exclusive
   * @return ms, in ascending order
   */
  double[] latenciesMs(long since, long until) {
    double[] latencies = new double[(int) ticks.count()];
    int count = 0;
    for (int i = 0; i < ticks.count(); i++) {
      if (receivedAt[i] >= since && receivedAt[i] < until) {
        latencies[count++] = writtenAt[i] / 1000.0 - receivedAt[i];
      }
    }
    double[] sorted = Arrays.copyOf(latencies, count);
    Arrays.sort(sorted);
    return sorted;
  }

  /** Returns when the rows were written, epoch µs, in ascending order. */
  long[] writesMicros() {
    long[] writes = Arrays.copyOf(writtenAt, (int) ticks.count());
    Arrays.sort(writes);
    return writes;
  }

  /**
   * Returns when the first row after a time was written.
   *
   * @param after epoch ms
   * @param receivedAfter epoch ms; only ticks that were received later count
   * @return epoch ms
   */
  double firstWriteMs(long after, long receivedAfter) {
    long first = Long.MAX_VALUE;
    for (int i = 0; i < ticks.count(); i++) {
      if (writtenAt[i] > after * 1000 && receivedAt[i] > receivedAfter) {
        first = Math.min(first, writtenAt[i]);
      }
    }
    if (first == Long.MAX_VALUE) {
      throw new AssertionError("no row was written after " + after);
    }
    return first / 1000.0;
  }
}
