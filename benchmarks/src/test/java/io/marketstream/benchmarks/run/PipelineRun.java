package io.marketstream.benchmarks.run;

import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.pipeline.FeedRates;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TestStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The whole pipeline with stores of its own: simulated feeds, both connectors on a worker with
 * their shipped configurations, and the job with its shipped properties. Between runs the job is
 * stopped, and the feeds stay connected and send nothing. Closing it deletes its data and keeps its
 * logs.
 */
final class PipelineRun implements AutoCloseable {
  private static final long SEED = 20261129;
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final int ASSETS = 10;

  private final Path home;
  private final TestPipeline pipeline;

  /**
   * @param symbols of both feeds together
   * @param ticksPerSecond of both feeds together; CoinCap's share is that of its assets
   */
  PipelineRun(Path home, int symbols, int ticksPerSecond) {
    this.home = home;
    double ofAssets = (double) ticksPerSecond * ASSETS / symbols;
    pipeline =
        new TestPipeline(
            TestStack.single(home).build(),
            FeedRates.withoutCoinbase(ticksPerSecond - ofAssets, ofAssets),
            SEED);
    try {
      start(symbols);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void start(int symbols) {
    pipeline.start(names("SYM", symbols - ASSETS), names("asset-", ASSETS));
    await().atMost(TIMEOUT).until(() -> pipeline.finnhub.sentCount() > 0);
    await().atMost(TIMEOUT).until(() -> pipeline.coincap.sentCount() > 0);
    pipeline.pauseSending();
    awaitAll();
    pipeline.stack.job.stop();
  }

  private static String names(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(number -> prefix + number)
        .collect(Collectors.joining(","));
  }

  /**
   * Sends ticks for some time, and requires as many rows as ticks.
   *
   * @return latencies of the ticks of the second half, from the socket to the write of the row: ms,
   *     in ascending order
   */
  double[] latenciesMs(int seconds) throws InterruptedException {
    pipeline.stack.job.start();
    pipeline.resumeSending();
    long middle = System.currentTimeMillis() + seconds * 500L;
    TimeUnit.SECONDS.sleep(seconds);
    pipeline.pauseSending();
    awaitAll();
    pipeline.stack.job.stop();
    return rows().stream()
        .filter(row -> row.getInstant("received_at").toEpochMilli() >= middle)
        .mapToDouble(
            row ->
                row.getLong("written_at") / 1000.0 - row.getInstant("received_at").toEpochMilli())
        .sorted()
        .toArray();
  }

  /** Starts the job and the feeds, which send until this is closed. */
  void startJob() {
    pipeline.stack.job.start();
    pipeline.resumeSending();
  }

  CassandraNode cassandraNode() {
    return pipeline.stack.cassandra;
  }

  /** The keyspace of the tables. */
  CqlIdentifier keyspace() {
    return pipeline.cassandra().getKeyspace().orElseThrow();
  }

  private void awaitAll() {
    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> rows().size() == pipeline.sent());
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    pipeline
        .cassandra()
        .execute(
            SimpleStatement.newInstance(
                "SELECT received_at, writetime(price) AS written_at FROM ticks"))
        .forEach(rows::add);
    return rows;
  }

  @Override
  public void close() {
    pipeline.close();
    List.of("cassandra", "kafka", "connect", "plugins", "checkpoint", "job")
        .forEach(folder -> BenchStores.delete(home.resolve(folder)));
  }
}
