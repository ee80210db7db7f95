package io.marketstream.benchmarks.contender;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How fast the driver alone can fill {@code ticks}: prepared statements in unlogged batches, each
 * for one partition, some in flight. No job that uses the driver this way can be faster.
 */
public final class DriverLimit {
  private final CqlSession session;
  private final PreparedStatement insert;
  private final Semaphore free;
  private final int inFlight;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private DriverLimit(CqlSession session, int inFlight) {
    this.session = session;
    this.inFlight = inFlight;
    this.free = new Semaphore(inFlight);
    this.insert =
        session.prepare(
            "INSERT INTO ticks (source, symbol, hour, event_time, session, sequence, kind, price,"
                + " volume, conditions, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  }

  /**
   * Writes the rows and prints one line: {@code rows=… ms=… rows_per_s=…}. The time is that from
   * the first batch to the last acknowledgement.
   *
   * @param args {@code --cassandra HOST:PORT} and {@code --keyspace} are required; {@code --rows},
   *     {@code --symbols}, {@code --batch} (rows per batch), {@code --in-flight} (batches), {@code
   *     --begin} (event time of the first row, epoch ms) and {@code --datacenter} have defaults
   */
  public static void main(String[] args) throws InterruptedException {
    Map<String, String> known = new HashMap<>();
    known.put("--cassandra", null);
    known.put("--keyspace", null);
    known.put("--datacenter", "datacenter1");
    known.put("--rows", "800000");
    known.put("--symbols", "50");
    known.put("--batch", "50");
    known.put("--in-flight", "64");
    Instant lastHour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);
    known.put("--begin", String.valueOf(lastHour.toEpochMilli()));
    Options options = new Options(args, known);
    try (CqlSession session = open(options)) {
      DriverLimit limit = new DriverLimit(session, (int) options.number("--in-flight"));
      long rows = options.number("--rows");
      long begin = System.nanoTime();
      limit.write(
          rows,
          (int) options.number("--symbols"),
          (int) options.number("--batch"),
          options.number("--begin"));
      long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
      System.out.println("rows=" + rows + " ms=" + millis + " rows_per_s=" + rows * 1000 / millis);
    }
  }

  private static CqlSession open(Options options) {
    String[] address = options.text("--cassandra").split(":", 2);
    return CqlSession.builder()
        .addContactPoint(new InetSocketAddress(address[0], Integer.parseInt(address[1])))
        .withLocalDatacenter(options.text("--datacenter"))
        .withKeyspace(options.text("--keyspace"))
        .withConfigLoader(
            DriverConfigLoader.programmaticBuilder()
                .withString(DefaultDriverOption.REQUEST_CONSISTENCY, "LOCAL_QUORUM")
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(30))
                .build())
        .build();
  }

  /** Batches take turns between the symbols; one ends early where the hour does. */
  private void write(long rows, int symbols, int batch, long begin) throws InterruptedException {
    long perSymbol = (rows + symbols - 1) / symbols;
    for (long first = 0; first < perSymbol; first += batch) {
      for (int symbol = 0; symbol < symbols; symbol++) {
        BatchStatementBuilder statements = BatchStatement.builder(BatchType.UNLOGGED);
        Instant hour = null;
        for (long sequence = first; sequence < first + batch; sequence++) {
          long number = sequence * symbols + symbol;
          if (number >= rows) {
            break;
          }
          BenchTick tick = BenchTick.of(number, symbols, begin);
          if (hour != null && !tick.hour().equals(hour)) {
            send(statements);
            statements = BatchStatement.builder(BatchType.UNLOGGED);
          }
          hour = tick.hour();
          Instant time = Instant.ofEpochMilli(tick.time());
          statements.addStatement(
              insert.bind(
                  BenchTick.SOURCE,
                  tick.name(),
                  hour,
                  time,
                  BenchTick.SESSION,
                  tick.sequence(),
                  BenchTick.KIND,
                  tick.price(),
                  tick.volume(),
                  BenchTick.CONDITIONS,
                  time));
        }
        send(statements);
      }
    }
    free.acquire(inFlight);
    requireNoFailure();
  }

  private void send(BatchStatementBuilder statements) throws InterruptedException {
    if (statements.getStatementsCount() == 0) {
      return;
    }
    free.acquire();
    requireNoFailure();
    session
        .executeAsync(statements.build())
        .whenComplete(
            (done, failed) -> {
              failure.compareAndSet(null, failed);
              free.release();
            });
  }

  private void requireNoFailure() {
    if (failure.get() != null) {
      throw new IllegalStateException("Cassandra refused a batch", failure.get());
    }
  }
}
