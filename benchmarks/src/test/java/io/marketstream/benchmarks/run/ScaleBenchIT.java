package io.marketstream.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.marketstream.embedded.component.Component;
import io.marketstream.pipeline.FeedRates;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TestStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Checks the capacity model of docs/scale.md. The whole pipeline runs at several rates, and the
 * processor time of each component is read at each of them. It is compared with the model: cores =
 * idle + per tick × rate. At the end, the bytes per tick of the topic and of the tables are read
 * from their files.
 */
@Tag("bench")
class ScaleBenchIT {
  /** The model of a component: cores without ticks, and microseconds per tick. */
  private record Model(double idle, double perTickMicros) {
    double cores(double ticksPerSecond) {
      return idle + perTickMicros * ticksPerSecond / 1e6;
    }
  }

  /** The parameters of docs/scale.md, which says where each of them comes from. */
  private static final Map<String, Model> MODELS =
      Map.of(
          "worker", new Model(0.025, 11.4),
          "broker", new Model(0, 7.3),
          "job", new Model(0.045, 56),
          "Cassandra", new Model(0, 60));

  /** Ticks per second. */
  private static final List<Integer> RATES =
      Arrays.stream(
              System.getProperty("marketstream.bench.rates", "1000,4000,2000,8000").split(","))
          .map(rate -> Integer.valueOf(rate.strip()))
          .toList();

  /** How long each rate is measured. */
  private static final int SECONDS = Integer.getInteger("marketstream.bench.seconds", 60);

  /**
   * How often the job starts a batch. As shipped ({@code 0s}), the job starts the next batch at
   * once. It then makes as many batches as the machine has time for, and its processor time says
   * little about the rate.
   */
  private static final String TRIGGER = System.getProperty("marketstream.bench.trigger", "2s");

  private static final int SYMBOLS = Integer.getInteger("marketstream.bench.symbols", 50);

  /** Every rate is measured in each round, and the last round counts. */
  private static final int ROUNDS = Integer.getInteger("marketstream.bench.rounds", 2);

  /** At the highest rate, before the first round. A JVM with little to do compiles slowly. */
  private static final Duration WARM_UP = Duration.ofSeconds(90);

  private static final Duration SETTLING = Duration.ofSeconds(15);
  private static final Duration CLOSE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final int ASSETS = 10;
  private static final long SEED = 20261129;

  private Path home;
  private TestPipeline pipeline;
  private Map<String, Component> components;

  @BeforeEach
  void startPipeline() throws IOException {
    home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench-stores-");
    pipeline =
        new TestPipeline(
            TestStack.single(home).jobArgument("--trigger", TRIGGER).build(),
            FeedRates.withoutCoinbase(1, 1),
            SEED);
    pipeline.start(names("SYM", SYMBOLS - ASSETS), names("asset-", ASSETS));
    components = new LinkedHashMap<>();
    components.put("worker", pipeline.stack.connect);
    components.put("broker", pipeline.stack.kafka);
    components.put("job", pipeline.stack.job);
    components.put("Cassandra", pipeline.stack.cassandra);
  }

  @AfterEach
  void stopPipeline() {
    pipeline.close();
    List.of("cassandra", "kafka", "connect", "plugins", "checkpoint", "job")
        .forEach(folder -> BenchStores.delete(home.resolve(folder)));
  }

  @Test
  void capacity() throws Exception {
    BenchReport report =
        new BenchReport(
            "scale",
            Map.of(
                "kafka", pipeline.stack.kafka.version(),
                "cassandra", pipeline.stack.cassandra.version()),
            BenchReport.line(
                "symbols",
                SYMBOLS,
                "seconds",
                SECONDS,
                "rounds",
                ROUNDS,
                "trigger",
                TRIGGER,
                "rates",
                RATES.toString()));
    report.spark(pipeline.stack.job.version());
    setRate(Collections.max(RATES));
    TimeUnit.SECONDS.sleep(WARM_UP.toSeconds());
    for (int round = 1; round <= ROUNDS; round++) {
      for (int rate : RATES) {
        measure(round, rate, report);
      }
    }
    pipeline.pauseSending();
    awaitRows();
    weigh(report);
    report.print();
  }

  private void setRate(double ticksPerSecond) {
    double ofAssets = ticksPerSecond * ASSETS / SYMBOLS;
    pipeline.finnhub.setRate(ticksPerSecond - ofAssets);
    pipeline.coincap.setRate(ofAssets);
  }

  private void measure(int round, int rate, BenchReport report) throws InterruptedException {
    setRate(rate);
    TimeUnit.SECONDS.sleep(SETTLING.toSeconds());
    // What waited until now would be counted for this rate.
    await().atMost(TIMEOUT).pollInterval(POLL).until(() -> pipeline.behind().compareTo(CLOSE) < 0);
    Map<String, Duration> before = processorTimes();
    long sentBefore = pipeline.sent();
    long batchesBefore = batches();
    long begin = System.nanoTime();
    TimeUnit.SECONDS.sleep(SECONDS);
    Map<String, Duration> after = processorTimes();
    double seconds = (System.nanoTime() - begin) / 1e9;
    double sent = (pipeline.sent() - sentBefore) / seconds;
    Map<String, Object> line = BenchReport.line("round", round, "rate", rate, "sent/s", sent);
    after.forEach(
        (name, time) -> {
          double cores = time.minus(before.get(name)).toNanos() / 1e9 / seconds;
          double model = MODELS.get(name).cores(sent);
          line.put(name + ", cores", BenchReport.rounded(cores));
          line.put(name + ", model", BenchReport.rounded(model));
          line.put(name + ", deviation %", Math.round((cores / model - 1) * 100));
        });
    line.put("batches/s", BenchReport.rounded((batches() - batchesBefore) / seconds));
    line.put("newest row, s", pipeline.behind().toMillis() / 1000.0);
    report.run(line);
  }

  private long batches() {
    try (Stream<String> lines = Files.lines(pipeline.stack.job.log())) {
      return lines.filter(line -> line.contains("batch id=")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Duration> processorTimes() {
    Map<String, Duration> times = new LinkedHashMap<>();
    components.forEach((name, component) -> times.put(name, BenchStores.processorTime(component)));
    return times;
  }

  private void awaitRows() {
    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofSeconds(5))
        .until(() -> rows() == pipeline.sent());
  }

  private long rows() {
    long rows = 0;
    for (Row row :
        pipeline.cassandra().execute(SimpleStatement.newInstance("SELECT sequence FROM ticks"))) {
      rows += row.isNull("sequence") ? 0 : 1;
    }
    return rows;
  }

  /** Reads how many bytes a tick has in the topic and in each table. */
  private void weigh(BenchReport report) {
    long ticks = pipeline.sent();
    assertThat(pipeline.stack.ends("market_data").values().stream().mapToLong(end -> end).sum())
        .as("records of the topic")
        .isGreaterThanOrEqualTo(ticks);
    long topic =
        bytes(
            home.resolve("kafka").resolve("data"),
            file ->
                file.getParent().getFileName().toString().matches("market_data-\\d+")
                    && file.toString().endsWith(".log"));
    report.run(
        BenchReport.line("bytes of", "topic", "ticks", ticks, "per tick", (double) topic / ticks));
    pipeline.stack.cassandra.stop(); // writes what is only in memory
    for (String table : List.of("ticks", "candles", "latest_ticks", "feed_gaps", "job_progress")) {
      long ofTable =
          bytes(
              home.resolve("cassandra").resolve("data").resolve(TestStack.KEYSPACE),
              file -> file.getParent().getFileName().toString().startsWith(table + "-"));
      report.run(
          BenchReport.line(
              "bytes of", table, "ticks", ticks, "per tick", (double) ofTable / ticks));
    }
  }

  private static long bytes(Path folder, Predicate<Path> counted) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).filter(counted).mapToLong(ScaleBenchIT::size).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String names(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(number -> prefix + number)
        .collect(Collectors.joining(","));
  }
}
