package io.marketstream.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The cost of the job, compared with the job that a user would write ({@code NaiveJob}) and with
 * the driver alone ({@code DriverLimit}). Each method prints a table and writes {@code
 * target/bench/<name>.json}, and most methods also write a plot. Every run must have written
 * exactly the published ticks. docs/performance.md has the method.
 */
@Tag("bench")
class JobBenchIT {
  private static final int ROUNDS = Integer.getInteger("marketstream.bench.rounds", 3);
  private static final int SYMBOLS = Integer.getInteger("marketstream.bench.symbols", 50);

  /** Of {@link #latency()}, {@link #pipeline()} and {@link #restart()}, ticks per second. */
  private static final int RATE = Integer.getInteger("marketstream.bench.rate", 1_000);

  /**
   * How long each run of {@link #latency()} and {@link #pipeline()} gets ticks. The second half
   * counts.
   */
  private static final int SECONDS = Integer.getInteger("marketstream.bench.seconds", 120);

  /** Of {@link #catchingUp()} and {@link #symbols()}. */
  private static final long TICKS = Long.getLong("marketstream.bench.ticks", 800_000L);

  private static final int FEW_SYMBOLS = 10;
  private static final int MANY_SYMBOLS = Integer.getInteger("marketstream.bench.many", 5_000);
  private static final int KILLS = Integer.getInteger("marketstream.bench.kills", 5);
  private static final int IDLE_SECONDS = Integer.getInteger("marketstream.bench.idle", 60);
  private static final Duration IDLE_WARM_UP = Duration.ofSeconds(30);
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(15);
  private static final List<Integer> LIMIT_BATCHES = List.of(50, 100);
  private static final long WARM_UP_ROWS = 200_000;

  /** So all {@link #TICKS} are in the same hour, with one partition per symbol. */
  private final long begin =
      Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS).toEpochMilli();

  private BenchStores stores;
  private CqlSession session;

  @BeforeEach
  void startStores() throws Exception {
    stores = BenchStores.start();
    session = stores.cassandra.session();
    // Otherwise the first run would be measured on a cold node.
    LimitRun.of(stores, LIMIT_BATCHES.get(0), Math.min(TICKS, WARM_UP_ROWS), SYMBOLS, begin);
  }

  @AfterEach
  void stopStores() {
    if (session != null) {
      session.close();
    }
    if (stores != null) {
      stores.close();
    }
  }

  @Test
  void latency() throws Exception {
    BenchReport report =
        report("latency", "symbols", SYMBOLS, "ticks_per_s", RATE, "seconds", SECONDS)
            .plottedBy(BenchPlots.latency("Latency from the stamp to the row"));
    Map<String, List<Double>> p50 = new LinkedHashMap<>();
    Map<String, List<Double>> p99 = new LinkedHashMap<>();
    for (int round = 1; round <= ROUNDS; round++) {
      for (Contender contender : Contender.all()) {
        double[] latencies = latencies(contender, round, report);
        add(p50, contender.label(), BenchReport.quantile(latencies, 0.5));
        add(p99, contender.label(), BenchReport.quantile(latencies, 0.99));
      }
    }
    summarize(report, "p50 ms", p50);
    summarize(report, "p99 ms", p99);
    report.print();
  }

  /** Compares the whole pipeline, with connectors and worker, with the naive job alone. */
  @Test
  void pipeline() throws Exception {
    BenchReport report =
        report("pipeline", "symbols", SYMBOLS, "ticks_per_s", RATE, "seconds", SECONDS)
            .plottedBy(
                BenchPlots.latency(
                    "Whole pipeline: latency from the socket; naive: from the stamp to the row"));
    List<Double> p50 = new ArrayList<>();
    List<Double> p99 = new ArrayList<>();
    try (PipelineRun pipeline = new PipelineRun(stores.home.resolve("up"), SYMBOLS, RATE)) {
      for (int round = 1; round <= ROUNDS; round++) {
        double[] whole = pipeline.latenciesMs(SECONDS);
        report.run(BenchPlots.latencyLine(round, "whole pipeline", whole));
        double[] naive = latencies(Contender.NAIVE, round, report);
        p50.add(BenchReport.quantile(whole, 0.5) / BenchReport.quantile(naive, 0.5));
        p99.add(BenchReport.quantile(whole, 0.99) / BenchReport.quantile(naive, 0.99));
      }
    }
    report.summarize("whole pipeline / naive, p50", p50);
    report.summarize("whole pipeline / naive, p99", p99);
    report.print();
  }

  private double[] latencies(Contender contender, int round, BenchReport report)
      throws InterruptedException {
    String topic = stores.newTopic();
    try (BenchRun run = new BenchRun(stores, contender, topic).start();
        BenchLoad load = BenchLoad.start(stores, topic, SYMBOLS, RATE)) {
      report.spark(run.sparkVersion());
      long middle = System.currentTimeMillis() + SECONDS * 500L;
      TimeUnit.SECONDS.sleep(SECONDS);
      TickSet published = load.stop();
      StoredTicks stored = new Completion(session, run).awaitTicks(published);
      double[] latencies = stored.latenciesMs(middle);
      report.run(BenchPlots.latencyLine(round, contender.label(), latencies));
      return latencies;
    } finally {
      stores.deleteTopic(topic);
    }
  }

  @Test
  void catchingUp() throws Exception {
    BenchReport report =
        report("catching-up", "symbols", SYMBOLS, "ticks", TICKS)
            .plottedBy(BenchPlots.rates("Catching up", "rows/s"));
    String topic = stores.newTopic();
    TickSet published = BenchLoad.fill(stores, topic, TICKS, SYMBOLS, begin);
    Map<String, List<Double>> whole = new LinkedHashMap<>();
    Map<String, List<Double>> secondHalf = new LinkedHashMap<>();
    Map<String, List<Double>> ofLimit = new LinkedHashMap<>();
    for (int round = 1; round <= ROUNDS; round++) {
      Map<String, CatchUp> jobs = new LinkedHashMap<>();
      for (Contender contender : Contender.all()) {
        CatchUp run = catchUp(contender, topic, published, report);
        report.run(run.line(round, contender.label()));
        jobs.put(contender.label(), run);
        add(whole, contender.label(), run.rowsPerSecond());
        add(secondHalf, contender.label(), run.secondHalf());
        if (contender == Contender.MARKET_STREAM) {
          add(whole, contender.label() + ", all tables", run.allTables());
        }
      }
      for (int batch : LIMIT_BATCHES) {
        String label = "driver alone, batches of " + batch;
        LimitRun limit = LimitRun.of(stores, batch, TICKS, SYMBOLS, begin);
        assertThat(limit.stored().ticks().isSameAs(published)).as(label).isTrue();
        CatchUp run =
            new CatchUp(
                TICKS,
                limit.rowsPerSecond(),
                secondHalfRate(limit.stored().writesMicros()),
                limit.rowsPerSecond(),
                0,
                0);
        report.run(run.line(round, label));
        add(whole, label, run.rowsPerSecond());
        jobs.forEach(
            (name, job) -> {
              String ratio = name + " / " + label;
              add(ofLimit, ratio + ", whole run", job.allTables() / limit.rowsPerSecond());
              add(ofLimit, ratio + ", second half", job.secondHalf() / limit.rowsPerSecond());
            });
      }
    }
    whole.forEach((name, rates) -> report.summarize(name + ", rows/s", rates));
    secondHalf.forEach((name, rates) -> report.summarize(name + ", rows/s, second half", rates));
    ofLimit.forEach(report::summarize);
    report.print();
  }

  @Test
  void symbols() throws Exception {
    BenchReport report =
        report("symbols", "ticks", TICKS)
            .plottedBy(
                BenchPlots.growth(
                    "rows/s until all tables are complete", "rows/s, all tables", "rows/s"));
    Map<Integer, String> topics = new LinkedHashMap<>();
    Map<Integer, TickSet> published = new LinkedHashMap<>();
    for (int symbols : List.of(FEW_SYMBOLS, MANY_SYMBOLS)) {
      topics.put(symbols, stores.newTopic());
      published.put(symbols, BenchLoad.fill(stores, topics.get(symbols), TICKS, symbols, begin));
    }
    Map<Integer, List<Double>> rates = new LinkedHashMap<>();
    Map<Integer, List<Double>> limits = new LinkedHashMap<>();
    Map<Integer, List<Double>> costs = new LinkedHashMap<>();
    for (int round = 1; round <= ROUNDS; round++) {
      for (int symbols : topics.keySet()) {
        LimitRun limit = LimitRun.of(stores, LIMIT_BATCHES.get(0), TICKS, symbols, begin);
        report.run(
            BenchReport.line(
                "round",
                round,
                "contender",
                "driver alone",
                "symbols",
                symbols,
                "rows/s",
                limit.rowsPerSecond()));
        limits.computeIfAbsent(symbols, key -> new ArrayList<>()).add(limit.rowsPerSecond());
        CatchUp run =
            catchUp(Contender.MARKET_STREAM, topics.get(symbols), published.get(symbols), report);
        Map<String, Object> line = run.line(round, Contender.MARKET_STREAM.label());
        line.put("symbols", symbols);
        report.run(line);
        rates.computeIfAbsent(symbols, key -> new ArrayList<>()).add(run.allTables());
        costs
            .computeIfAbsent(symbols, key -> new ArrayList<>())
            .add(run.jobMicros() + run.storeMicros());
      }
    }
    rates.forEach((symbols, each) -> report.summarize(symbols + " symbols, rows/s", each));
    report.summarize(
        MANY_SYMBOLS + " / " + FEW_SYMBOLS + " symbols",
        ratios(rates.get(MANY_SYMBOLS), rates.get(FEW_SYMBOLS)));
    report.summarize(
        MANY_SYMBOLS + " / " + FEW_SYMBOLS + " symbols, CPU of job and Cassandra per row",
        ratios(costs.get(MANY_SYMBOLS), costs.get(FEW_SYMBOLS)));
    report.summarize(
        MANY_SYMBOLS + " / " + FEW_SYMBOLS + " symbols, driver alone",
        ratios(limits.get(MANY_SYMBOLS), limits.get(FEW_SYMBOLS)));
    report.print();
  }

  /**
   * The speed of one run that had all records to read from the start.
   *
   * @param rows in {@code ticks}
   * @param rowsPerSecond from the start of the queries to the last write of a tick
   * @param secondHalf of the rows in the order of their writes
   * @param allTables from the start of the queries until {@code latest_ticks} is complete too
   * @param jobMicros processor time of the job per row, from the start of the queries until all
   *     tables are complete; 0 where that was not measured
   * @param storeMicros processor time of Cassandra per row in the same time
   */
  private record CatchUp(
      long rows,
      double rowsPerSecond,
      double secondHalf,
      double allTables,
      double jobMicros,
      double storeMicros) {
    Map<String, Object> line(int round, String contender) {
      return BenchReport.line(
          "round",
          round,
          "contender",
          contender,
          "rows/s",
          rowsPerSecond,
          "rows/s, second half",
          secondHalf,
          "rows/s, all tables",
          allTables,
          "job CPU µs/row",
          jobMicros,
          "Cassandra CPU µs/row",
          storeMicros,
          "rows",
          rows);
    }
  }

  private CatchUp catchUp(
      Contender contender, String topic, TickSet published, BenchReport report) {
    try (BenchRun run = new BenchRun(stores, contender, topic).start()) {
      report.spark(run.sparkVersion());
      long started = run.startedAt();
      Duration jobBefore = run.processorTime();
      Duration storeBefore = BenchStores.processorTime(stores.cassandra);
      Completion completion = new Completion(session, run);
      boolean folds = contender == Contender.MARKET_STREAM;
      // This comes first, because it is observed live. The rows of ticks have write times.
      long folded = folds ? completion.awaitLatest(published) : 0;
      Duration ofJob = run.processorTime().minus(jobBefore);
      Duration ofStore = BenchStores.processorTime(stores.cassandra).minus(storeBefore);
      StoredTicks stored = completion.awaitTicks(published);
      if (folds) {
        completion.awaitCandles(published);
      }
      long[] writes = stored.writesMicros();
      double lastWrite = writes[writes.length - 1] / 1000.0;
      return new CatchUp(
          writes.length,
          writes.length * 1000.0 / (lastWrite - started),
          secondHalfRate(writes),
          writes.length * 1000.0 / (Math.max(lastWrite, (double) folded) - started),
          // The naive job does not show at once that it is done.
          folds ? ofJob.toNanos() / 1000.0 / writes.length : 0,
          folds ? ofStore.toNanos() / 1000.0 / writes.length : 0);
    }
  }

  private static double secondHalfRate(long[] writesMicros) {
    int middle = writesMicros.length / 2;
    int last = writesMicros.length - 1;
    return (last - middle) * 1_000_000.0 / (writesMicros[last] - writesMicros[middle]);
  }

  @Test
  void idle() throws Exception {
    BenchReport report = report("idle", "seconds", IDLE_SECONDS);
    for (Contender contender : Contender.all()) {
      String topic = stores.newTopic();
      try (BenchRun run = new BenchRun(stores, contender, topic).start()) {
        report.spark(run.sparkVersion());
        Thread.sleep(IDLE_WARM_UP.toMillis());
        Duration before = run.processorTime();
        long from = System.nanoTime();
        TimeUnit.SECONDS.sleep(IDLE_SECONDS);
        Duration used = run.processorTime().minus(before);
        double cores = (double) used.toNanos() / (System.nanoTime() - from);
        run.requireRunning();
        report.run(BenchReport.line("contender", contender.label(), "cores", cores));
      } finally {
        stores.deleteTopic(topic);
      }
    }
    report.print();
  }

  @Test
  void restart() throws Exception {
    BenchReport report = report("restart", "symbols", SYMBOLS, "ticks_per_s", RATE, "kills", KILLS);
    for (Contender contender : Contender.all()) {
      String topic = stores.newTopic();
      try (BenchRun run = new BenchRun(stores, contender, topic).start();
          BenchLoad load = BenchLoad.start(stores, topic, SYMBOLS, RATE)) {
        report.spark(run.sparkVersion());
        List<Long> kills = kill(run);
        TickSet published = load.stop();
        StoredTicks stored = new Completion(session, run).awaitTicks(published);
        report(report, contender, kills, stored);
      } finally {
        stores.deleteTopic(topic);
      }
    }
    report.print();
  }

  private List<Long> kill(BenchRun run) throws InterruptedException {
    List<Long> kills = new ArrayList<>();
    for (int kill = 1; kill <= KILLS; kill++) {
      awaitFreshRow(run);
      Thread.sleep(BETWEEN_KILLS.toMillis());
      kills.add(System.currentTimeMillis());
      run.kill();
      run.start();
    }
    awaitFreshRow(run);
    return kills;
  }

  /** Waits for a row that was received less than five seconds ago. */
  private void awaitFreshRow(BenchRun run) {
    new Completion(session, run).awaitRowYoungerThan(Duration.ofSeconds(5));
  }

  private static void report(
      BenchReport report, Contender contender, List<Long> kills, StoredTicks stored) {
    List<Double> toFirst = new ArrayList<>();
    List<Double> toNew = new ArrayList<>();
    for (long kill : kills) {
      toFirst.add(stored.firstWriteMs(kill, 0) - kill);
      toNew.add(stored.firstWriteMs(kill, kill) - kill);
      report.run(
          BenchReport.line(
              "contender",
              contender.label(),
              "ms to the first row",
              toFirst.get(toFirst.size() - 1),
              "ms to the first row of a later tick",
              toNew.get(toNew.size() - 1)));
    }
    report.summarize(contender.label() + ", ms to the first row", toFirst);
    report.summarize(contender.label() + ", ms to the first row of a later tick", toNew);
  }

  private BenchReport report(String name, Object... options) {
    Map<String, Object> all = BenchReport.line(options);
    all.put("rounds", ROUNDS);
    all.put("commitlog_sync", BenchStores.COMMIT_LOG);
    return new BenchReport(
        name,
        Map.of("kafka", stores.kafka.version(), "cassandra", stores.cassandra.version()),
        all);
  }

  /** Adds the figure of each contender, and the job's figure relative to the others. */
  private static void summarize(
      BenchReport report, String figure, Map<String, List<Double>> perContender) {
    perContender.forEach((name, values) -> report.summarize(name + ", " + figure, values));
    String job = Contender.MARKET_STREAM.label();
    perContender.forEach(
        (name, values) -> {
          if (!name.equals(job)) {
            report.summarize(
                job + " / " + name + ", " + figure, ratios(perContender.get(job), values));
          }
        });
  }

  private static List<Double> ratios(List<Double> above, List<Double> below) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < above.size(); i++) {
      ratios.add(above.get(i) / below.get(i));
    }
    return ratios;
  }

  private static void add(Map<String, List<Double>> figures, String name, double figure) {
    figures.computeIfAbsent(name, key -> new ArrayList<>()).add(figure);
  }
}
