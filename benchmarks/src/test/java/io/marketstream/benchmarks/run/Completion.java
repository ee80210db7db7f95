package io.marketstream.benchmarks.run;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.marketstream.benchmarks.contender.BenchTick;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Waits until a run has written everything that was published. It reads one row at a time, so that
 * it hardly slows the run down.
 */
final class Completion {
  private static final Duration TIMEOUT = Duration.ofMinutes(15);
  private static final Duration TIMEOUT_FOR_THE_REST = Duration.ofMinutes(2);
  private static final int SAMPLE = 50;
  private static final long POLL_MS = 50;

  private final CqlSession session;
  private final BenchRun run;

  Completion(CqlSession session, BenchRun run) {
    this.session = session;
    this.run = run;
  }

  /** Waits until the newest row of a symbol is this tick or a newer one of the same hour. */
  void awaitTick(BenchTick tick) {
    PreparedStatement newest =
        session.prepare(
            "SELECT sequence FROM "
                + run.keyspace()
                + ".ticks WHERE source = ? AND symbol = ? AND hour = ? LIMIT 1");
    await(
        "tick " + tick,
        TIMEOUT,
        POLL_MS,
        () -> {
          Row row = session.execute(newest.bind(BenchTick.SOURCE, tick.name(), tick.hour())).one();
          return row != null && row.getLong("sequence") >= tick.sequence();
        });
  }

  /** Waits until the newest row of the first symbol was received less than this ago. */
  void awaitRowYoungerThan(Duration age) {
    PreparedStatement newest =
        session.prepare(
            "SELECT received_at FROM "
                + run.keyspace()
                + ".ticks WHERE source = ? AND symbol = ? AND hour = ? LIMIT 1");
    await(
        "a row younger than " + age,
        TIMEOUT,
        POLL_MS,
        () -> {
          Instant oldest = Instant.now().minus(age);
          Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
          Row row = session.execute(newest.bind(BenchTick.SOURCE, BenchTick.nameOf(0), hour)).one();
          return row != null && row.getInstant("received_at").isAfter(oldest);
        });
  }

  /** Waits until {@code ticks} has exactly the published ticks. Returns the rows. */
  StoredTicks awaitTicks(TickSet published) {
    sample(published).forEach(this::awaitTick);
    StoredTicks[] stored = new StoredTicks[1];
    await(
        published + " in ticks",
        TIMEOUT_FOR_THE_REST,
        2_000,
        () -> {
          stored[0] = StoredTicks.read(session, run.keyspace());
          return stored[0].ticks().isSameAs(published);
        });
    return stored[0];
  }

  /** Waits until the candles of one minute hold every published tick. */
  void awaitCandles(TickSet published) {
    await(
        published + " in candles",
        TIMEOUT_FOR_THE_REST,
        1_000,
        () -> {
          long trades = 0;
          for (Row row : session.execute("SELECT trades FROM " + run.keyspace() + ".candles")) {
            trades += row.getLong("trades");
          }
          return trades == published.count();
        });
  }

  /**
   * Waits until {@code latest_ticks} holds the newest tick of each symbol.
   *
   * @return when it did, epoch ms
   */
  long awaitLatest(TickSet published) {
    PreparedStatement latest =
        session.prepare(
            "SELECT sequence FROM "
                + run.keyspace()
                + ".latest_ticks WHERE source = ? AND symbol = ?");
    for (BenchTick last : sample(published)) {
      await(
          last + " in latest_ticks",
          TIMEOUT,
          POLL_MS,
          () -> {
            Row row = session.execute(latest.bind(BenchTick.SOURCE, last.name())).one();
            return row != null && row.getLong("sequence") == last.sequence();
          });
    }
    await(
        "the newest of " + published + " in latest_ticks",
        TIMEOUT_FOR_THE_REST,
        POLL_MS,
        () -> newestAreLatest(published));
    return System.currentTimeMillis();
  }

  private boolean newestAreLatest(TickSet published) {
    int newest = 0;
    for (Row row :
        session.execute("SELECT symbol, sequence FROM " + run.keyspace() + ".latest_ticks")) {
      BenchTick last = published.last().get(BenchTick.symbolOf(row.getString("symbol")));
      newest += row.getLong("sequence") == last.sequence() ? 1 : 0;
    }
    return newest == published.last().size();
  }

  /** The newest ticks of some symbols. */
  private static List<BenchTick> sample(TickSet published) {
    List<BenchTick> last = List.copyOf(published.last().values());
    int step = Math.max(1, last.size() / SAMPLE);
    return IntStream.range(0, last.size()).filter(i -> i % step == 0).mapToObj(last::get).toList();
  }

  private interface Condition {
    boolean holds();
  }

  private void await(String what, Duration timeout, long pollMs, Condition condition) {
    Instant end = Instant.now().plus(timeout);
    while (!condition.holds()) {
      run.requireRunning();
      if (Instant.now().isAfter(end)) {
        throw new AssertionError(run + " has not written " + what + " within " + timeout);
      }
      try {
        Thread.sleep(pollMs);
      } catch (InterruptedException e) {
        throw BenchStores.interrupted(e);
      }
    }
  }
}
