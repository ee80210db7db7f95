package io.marketstream.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.local.component.ComponentSettings;
import io.marketstream.local.component.ConnectWorker;
import io.marketstream.local.component.FreePorts;
import io.marketstream.local.component.KafkaBroker;
import io.marketstream.local.maven.MavenComponents;
import io.marketstream.pipeline.ComponentJvm;
import io.marketstream.pipeline.RealComponents;
import io.marketstream.simulator.CoinCapSimulator;
import io.marketstream.simulator.FinnhubSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the Finnhub connector costs from the websocket to the topic, beside a loop without Connect
 * ({@code BareLoop}). Each process is new in each round, and its JVM cold. docs/performance.md has
 * the method.
 */
@Tag("bench")
class ConnectorBenchIT {
  private static final int ROUNDS = Integer.getInteger("marketstream.bench.rounds", 3);
  private static final int SYMBOLS = Integer.getInteger("marketstream.bench.symbols", 50);
  private static final int PER_FRAME = Integer.getInteger("marketstream.bench.per-frame", 10);
  private static final long TRADES = Long.getLong("marketstream.bench.ticks", 2_000_000L);

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
    MARKET_STREAM("market-stream"),
    /** The same with {@code -Dmarketstream.bench.change}: what a setting gains. */
    CHANGED("market-stream-changed");

    private final String label;

    Copier(String label) {
      this.label = label;
    }
  }

  private static Map<String, String> changes() {
    Map<String, String> changes = new LinkedHashMap<>();
    for (String change : System.getProperty("marketstream.bench.change", "").split(";")) {
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
        new MavenComponents(RealComponents.ROOT)
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
    BenchReport report =
        new BenchReport(
            "connector",
            Map.of("kafka", kafka.version()),
            BenchReport.line("symbols", SYMBOLS, "trades_per_frame", PER_FRAME, "trades", TRADES));
    Map<Copier, List<CopyRun>> runs = new EnumMap<>(Copier.class);
    List<Double> ceilings = new ArrayList<>();
    for (int round = 1; round <= ROUNDS; round++) {
      for (Copier copier : Copier.values()) {
        if (copier == Copier.CHANGED && CHANGES.isEmpty()) {
          continue;
        }
        try (Flood flood = Flood.start(home, SYMBOLS, PER_FRAME, TRADES)) {
          CopyRun run = copy(copier, flood, round);
          runs.computeIfAbsent(copier, unseen -> new ArrayList<>()).add(run);
          report.run(run.line(round, copier.label));
        }
      }
      try (Flood flood = Flood.start(home, SYMBOLS, PER_FRAME, TRADES)) {
        ceilings.add(flood.ceiling());
      }
    }
    report.summarize("load generator alone, trades/s", ceilings);
    Map<String, List<Double>> figures = new LinkedHashMap<>();
    for (int i = 0; i < ROUNDS; i++) {
      CopyRun bare = runs.get(Copier.BARE_LOOP).get(i);
      for (Copier copier : runs.keySet()) {
        if (copier != Copier.BARE_LOOP) {
          CopyRun ours = runs.get(copier).get(i);
          String name = copier.label + " / bare loop, ";
          add(figures, name + "trades/s", ours.perSecond() / bare.perSecond());
          add(figures, name + "CPU", ours.cpuMicros() / bare.cpuMicros());
        }
      }
    }
    figures.forEach(report::summarize);
    report.print();
    assertThat(ceilings)
        .as("the load generator outruns everybody")
        .allSatisfy(
            ceiling ->
                assertThat(ceiling)
                    .isGreaterThan(
                        runs.values().stream()
                            .flatMap(List::stream)
                            .mapToDouble(CopyRun::perSecond)
                            .max()
                            .orElseThrow()));
  }

  /** What a small worker holds under a steady load, the worker of the shipped file. */
  @Test
  void memory() throws Exception {
    BenchReport report =
        new BenchReport(
            "memory",
            Map.of("kafka", kafka.version()),
            BenchReport.line("heap_mb", SMALL_HEAP_MB, "trades_per_s", RATE, "seconds", SECONDS));
    try (Flood flood = Flood.start(home, SYMBOLS, PER_FRAME, (long) RATE * SECONDS, RATE)) {
      CopyRun run = CopyRun.ofConnector(home, kafka, flood, "small-worker", CHANGES, SMALL_HEAP_MB);
      Map<String, Object> line = run.line(1, "market-stream");
      line.put("peak RSS, MB", run.peakBytes() / 1_000_000);
      report.run(line);
    }
    report.print();
  }

  /** A worker whose two connectors are connected to feeds that say nothing. */
  @Test
  void idle() throws Exception {
    BenchReport report =
        new BenchReport(
            "idle-worker",
            Map.of("kafka", kafka.version()),
            BenchReport.line("seconds", IDLE_SECONDS));
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

  private CopyRun copy(Copier copier, Flood flood, int round) throws Exception {
    String name = copier.label + "-" + round;
    return switch (copier) {
      case BARE_LOOP -> CopyRun.ofBareLoop(home, kafka, flood, name);
      case MARKET_STREAM -> CopyRun.ofConnector(home, kafka, flood, name, Map.of());
      case CHANGED -> CopyRun.ofConnector(home, kafka, flood, name, CHANGES);
    };
  }
}
