package io.marketstream.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.benchmarks.contender.FloodedFeed;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.ConnectWorker;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.component.KafkaBroker;
import io.marketstream.embedded.maven.MavenComponents;
import io.marketstream.pipeline.ComponentJvm;
import io.marketstream.pipeline.TestStack;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The cost of the connectors from the websocket to the topic. They are compared with a loop without
 * Connect ({@code BareLoop}) and with a source that has its records ready ({@code
 * ReadySourceConnector}). Each round starts each process with a cold JVM. docs/performance.md has
 * the method.
 */
@Tag("bench")
class ConnectorBenchIT {
  private static final int ROUNDS = Integer.getInteger("marketstream.bench.rounds", 3);
  private static final int SYMBOLS = Integer.getInteger("marketstream.bench.symbols", 50);
  private static final int PER_FRAME = Integer.getInteger("marketstream.bench.per-frame", 10);
  private static final long TICKS = Long.getLong("marketstream.bench.ticks", 2_000_000L);
  private static final int FEW_SYMBOLS = 10;
  private static final int MANY_SYMBOLS = Integer.getInteger("marketstream.bench.many", 5_000);

  /** Prices in a message of CoinCap. */
  private static final int ASSETS = 20;

  /**
   * The rate of {@link #growth()} under overload. The feed never waits, and ticks that do not fit
   * are dropped.
   */
  private static final CopyRun.Setup OVERLOADED =
      new CopyRun.Setup(
          Map.of("coincap.assets", "ALL", "buffer.overflow.policy", "drop_oldest"),
          CopyRun.HEAP_MB,
          true,
          false);

  /** Of {@link #memory()}. */
  private static final int SMALL_HEAP_MB = Integer.getInteger("marketstream.bench.heap", 192);

  private static final int RATE = Integer.getInteger("marketstream.bench.rate", 20_000);
  private static final int SECONDS = Integer.getInteger("marketstream.bench.seconds", 120);

  private static final int IDLE_SECONDS = Integer.getInteger("marketstream.bench.idle", 60);
  private static final Duration IDLE_WARM_UP = Duration.ofSeconds(30);

  /** Settings of the connector, {@code key=value} with semicolons between them. */
  private static final Map<String, String> CHANGES = changes();

  private enum Copier {
    BARE_LOOP("bare-loop"),
    /** The limit of Connect itself, with Finnhub's records only. */
    READY_SOURCE("ready-records"),
    MARKET_STREAM("market-stream"),
    /** The same with {@code -Dmarketstream.bench.change}, to measure the effect of a setting. */
    CHANGED("market-stream-changed");

    private final String label;

    Copier(String label) {
      this.label = label;
    }
  }

  private static Map<String, String> changes() {
    Map<String, String> changes = new LinkedHashMap<>();
    for (String change : System.getProperty("marketstream.bench.change", "").split(";", -1)) {
      int equals = change.indexOf('=');
      if (equals > 0) {
        changes.put(change.substring(0, equals), change.substring(equals + 1));
      }
    }
    return changes;
  }

  private Path home;
  private KafkaBroker kafka;

  @BeforeEach
  void startBroker() throws Exception {
    home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench-stores-");
    kafka =
        new MavenComponents(TestStack.ROOT)
            .kafka(
                ComponentSettings.in(home, "kafka", FreePorts.next(), 512)
                    .withJvmOptions(ComponentJvm.options())
                    .with("auto.create.topics.enable", "false"));
    kafka.start();
  }

  @AfterEach
  void stopBroker() {
    kafka.stop();
    BenchStores.delete(home.resolve("kafka"));
  }

  @Test
  void connector() throws Exception {
    compare("connector", Flood.Plan.of(FloodedFeed.FINNHUB, SYMBOLS, PER_FRAME, TICKS));
  }

  /** Frames of 20 assets. */
  @Test
  void coincap() throws Exception {
    compare(
        "connector-coincap",
        Flood.Plan.of(FloodedFeed.COINCAP, SYMBOLS, Math.min(SYMBOLS, ASSETS), TICKS));
  }

  private void compare(String name, Flood.Plan plan) throws Exception {
    BenchReport report =
        report(name, "symbols", plan.symbols(), "ticks_per_frame", plan.perFrame(), "ticks", TICKS)
            .plottedBy(BenchPlots.rates("From the websocket to the topic", "ticks/s"));
    Map<Copier, List<CopyRun>> runs = new EnumMap<>(Copier.class);
    List<Double> ceilings = new ArrayList<>();
    for (int round = 1; round <= ROUNDS; round++) {
      for (Copier copier : Copier.values()) {
        if ((copier == Copier.CHANGED && CHANGES.isEmpty())
            || (copier == Copier.READY_SOURCE && plan.feed() != FloodedFeed.FINNHUB)) {
          continue;
        }
        CopyRun run = copy(copier, plan, copier.label + "-" + round);
        runs.computeIfAbsent(copier, unseen -> new ArrayList<>()).add(run);
        report.run(run.line(round, copier.label));
      }
      try (Flood flood = Flood.start(home, plan)) {
        ceilings.add(flood.ceiling());
      }
    }
    report.summarize("load generator alone, ticks/s", ceilings);
    ratios(runs).forEach(report::summarize);
    report.print();
    double fastest =
        runs.entrySet().stream()
            .filter(copier -> copier.getKey() != Copier.READY_SOURCE) // does not slow it down
            .flatMap(copier -> copier.getValue().stream())
            .mapToDouble(CopyRun::perSecond)
            .max()
            .orElseThrow();
    assertThat(ceilings)
        .as("the load generator is faster than every client")
        .allSatisfy(ceiling -> assertThat(ceiling).isGreaterThan(fastest));
  }

  private static Map<String, List<Double>> ratios(Map<Copier, List<CopyRun>> runs) {
    Map<String, List<Double>> figures = new LinkedHashMap<>();
    runs.forEach(
        (copier, each) -> {
          for (int i = 0; copier != Copier.BARE_LOOP && i < each.size(); i++) {
            CopyRun bare = runs.get(Copier.BARE_LOOP).get(i);
            String name = copier.label + " / bare loop, ";
            add(figures, name + "ticks/s", each.get(i).perSecond() / bare.perSecond());
            add(figures, name + "CPU", each.get(i).cpuMicros() / bare.cpuMicros());
          }
        });
    return figures;
  }

  /** Compares few symbols with many, at full speed and under overload. */
  @Test
  void growth() throws Exception {
    BenchReport report =
        report("growth-connector", "ticks", TICKS, "many", MANY_SYMBOLS)
            .plottedBy(
                BenchPlots.growth("worker's CPU seconds per million ticks", "CPU s per million"));
    Map<String, Map<Integer, List<CopyRun>>> runs = new LinkedHashMap<>();
    for (int round = 1; round <= ROUNDS; round++) {
      for (int symbols : List.of(FEW_SYMBOLS, MANY_SYMBOLS)) {
        Flood.Plan trades = Flood.Plan.of(FloodedFeed.FINNHUB, symbols, PER_FRAME, TICKS);
        grow(report, runs, "finnhub", trades, CopyRun.Setup.shipped(), round);
        Flood.Plan prices =
            Flood.Plan.of(FloodedFeed.COINCAP, symbols, Math.min(symbols, ASSETS), TICKS);
        grow(report, runs, "coincap ALL, drop_oldest", prices, OVERLOADED, round);
      }
    }
    runs.forEach(
        (name, each) -> {
          List<CopyRun> few = each.get(FEW_SYMBOLS);
          List<CopyRun> many = each.get(MANY_SYMBOLS);
          String ratio = name + ", " + MANY_SYMBOLS + " / " + FEW_SYMBOLS + " symbols, ";
          List<Double> cost = new ArrayList<>();
          List<Double> rate = new ArrayList<>();
          for (int i = 0; i < few.size(); i++) {
            cost.add(many.get(i).cpuMicros() / few.get(i).cpuMicros());
            rate.add(many.get(i).perSecond() / few.get(i).perSecond());
          }
          report.summarize(ratio + "CPU", cost);
          report.summarize(ratio + "ticks/s", rate);
        });
    report.print();
  }

  private void grow(
      BenchReport report,
      Map<String, Map<Integer, List<CopyRun>>> runs,
      String name,
      Flood.Plan plan,
      CopyRun.Setup setup,
      int round)
      throws Exception {
    try (Flood flood = Flood.start(home, plan)) {
      String topic = plan.feed().name().toLowerCase(Locale.ROOT) + "-" + plan.symbols();
      CopyRun run = CopyRun.ofConnector(home, kafka, flood, topic + "-" + round, setup);
      runs.computeIfAbsent(name, unseen -> new LinkedHashMap<>())
          .computeIfAbsent(plan.symbols(), unseen -> new ArrayList<>())
          .add(run);
      Map<String, Object> line = run.line(round, name);
      line.put("symbols", plan.symbols());
      line.put("dropped", run.dropped());
      report.run(line);
    }
  }

  /** The memory of a small worker with the shipped file under a steady load. */
  @Test
  void memory() throws Exception {
    BenchReport report =
        report("memory", "heap_mb", SMALL_HEAP_MB, "ticks_per_s", RATE, "seconds", SECONDS);
    Flood.Plan plan =
        new Flood.Plan(FloodedFeed.FINNHUB, SYMBOLS, PER_FRAME, (long) RATE * SECONDS, RATE, null);
    try (Flood flood = Flood.start(home, plan)) {
      CopyRun.Setup small = new CopyRun.Setup(CHANGES, SMALL_HEAP_MB, false, false);
      CopyRun run = CopyRun.ofConnector(home, kafka, flood, "small-worker", small);
      Map<String, Object> line = run.line(1, "market-stream");
      line.put("peak RSS, MB", run.peakBytes() / 1_000_000);
      report.run(line);
    }
    report.print();
  }

  /**
   * Latency during some seconds at a hundred times the rate, from the feed's time until the broker
   * has the record.
   */
  @Test
  void burst() throws Exception {
    int rate = Integer.getInteger("marketstream.bench.rate", 1_000);
    Flood.Burst burst = new Flood.Burst(Integer.getInteger("marketstream.bench.burst", 100), 40, 5);
    int after = 25;
    long ticks = (long) rate * (burst.after() + burst.factor() * burst.seconds() + after);
    BenchReport report =
        report("burst", "ticks_per_s", rate, "factor", burst.factor())
            .plottedBy(BenchPlots.latency("From the feed to the topic, around a burst"));
    Flood.Plan plan = new Flood.Plan(FloodedFeed.FINNHUB, SYMBOLS, PER_FRAME, ticks, rate, burst);
    for (int round = 1; round <= ROUNDS; round++) {
      try (Flood flood = Flood.start(home, plan)) {
        CopyRun run =
            CopyRun.ofConnector(
                home,
                kafka,
                flood,
                "burst-" + round,
                new CopyRun.Setup(CHANGES, CopyRun.HEAP_MB, false, true));
        long begin = flood.startedAt() + burst.after() * 1000L;
        long end = begin + burst.seconds() * 1000L;
        report.run(delays(run, round, "the 10 s before", begin - 10_000, begin));
        report.run(delays(run, round, "the burst", begin, end));
        report.run(delays(run, round, "the 5 s after", end, end + 5_000));
        report.run(delays(run, round, "then", end + 5_000, Long.MAX_VALUE));
      }
    }
    report.print();
  }

  private static Map<String, Object> delays(
      CopyRun run, int round, String when, long from, long to) {
    double[] delays =
        run.arrivals().stream()
            .filter(tick -> tick.eventTime() >= from && tick.eventTime() < to)
            .mapToDouble(tick -> tick.appendedAt() - tick.eventTime())
            .sorted()
            .toArray();
    return BenchPlots.latencyLine(round, when, delays);
  }

  /** A worker with two connectors on feeds that send nothing. */
  @Test
  void idle() throws Exception {
    BenchReport report = report("idle-worker", "seconds", IDLE_SECONDS);
    try (FinnhubSimulator finnhub = FinnhubSimulator.builder().start();
        CoinCapSimulator coincap = CoinCapSimulator.builder().start()) {
      ConnectWorker worker = CopyRun.worker(home, kafka, "idle-worker", 512);
      try {
        ObjectNode stocks = CopyRun.shipped("finnhub-source.json", "finnhub");
        ((ObjectNode) stocks.get("config"))
            .put("finnhub.websocket.url", finnhub.url())
            .put("finnhub.token", FinnhubSimulator.DEFAULT_TOKEN);
        ObjectNode assets = CopyRun.shipped("coincap-source.json", "coincap");
        ((ObjectNode) assets.get("config"))
            .put("coincap.websocket.url", coincap.url())
            .put("coincap.api.key", CoinCapSimulator.DEFAULT_API_KEY);
        worker.rest().create(stocks.toString());
        worker.rest().create(assets.toString());
        await()
            .atMost(Duration.ofMinutes(2))
            .until(() -> finnhub.connected() == 1 && coincap.connected() == 1);
        Thread.sleep(IDLE_WARM_UP.toMillis());
        Duration before = BenchStores.processorTime(worker);
        long from = System.nanoTime();
        TimeUnit.SECONDS.sleep(IDLE_SECONDS);
        Duration used = BenchStores.processorTime(worker).minus(before);
        report.run(
            BenchReport.line(
                "contender",
                "market-stream",
                "cores",
                (double) used.toNanos() / (System.nanoTime() - from)));
        assertThat(finnhub.connected()).isEqualTo(1);
        assertThat(coincap.connected()).isEqualTo(1);
      } finally {
        worker.stop();
        BenchStores.delete(home.resolve("idle-worker"));
      }
    }
    report.print();
  }

  private static void add(Map<String, List<Double>> figures, String name, double value) {
    figures.computeIfAbsent(name, unseen -> new ArrayList<>()).add(value);
  }

  private CopyRun copy(Copier copier, Flood.Plan plan, String name) throws Exception {
    if (copier == Copier.READY_SOURCE) {
      return CopyRun.ofReadySource(home, kafka, plan.symbols(), plan.ticks(), name);
    }
    try (Flood flood = Flood.start(home, plan)) {
      return switch (copier) {
        case BARE_LOOP -> CopyRun.ofBareLoop(home, kafka, flood, name);
        case MARKET_STREAM ->
            CopyRun.ofConnector(home, kafka, flood, name, CopyRun.Setup.shipped());
        default -> CopyRun.ofConnector(home, kafka, flood, name, CopyRun.Setup.with(CHANGES));
      };
    }
  }

  private BenchReport report(String name, Object... options) {
    return new BenchReport(name, Map.of("kafka", kafka.version()), BenchReport.line(options));
  }
}
