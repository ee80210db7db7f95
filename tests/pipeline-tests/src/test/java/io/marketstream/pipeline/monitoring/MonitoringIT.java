package io.marketstream.pipeline.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.marketstream.embedded.component.FreePorts;
import io.marketstream.model.Tables;
import io.marketstream.pipeline.FeedRates;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TestStack;
import io.marketstream.pipeline.TestStackBuilder;
import io.marketstream.pipeline.api.ApiProcess;
import io.marketstream.pipeline.monitoring.MonitoringFiles.Alert;
import io.marketstream.pipeline.monitoring.MonitoringFiles.PanelQuery;
import io.marketstream.simulator.fault.HandshakeFault;
import io.marketstream.simulator.market.SimMatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped exporters, rules and dashboards on a running pipeline, read by a real Prometheus. It
 * evaluates the rules every second, over shorter times. Each fault of a feed or a component fires
 * its alert, and no other than the faults explain. The tests run in order.
 */
@Tag("monitoring")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MonitoringIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final long SEED = Long.getLong("marketstream.seed", 20261129L);
  private static final String FINNHUB = " " + TestPipeline.FINNHUB_CONNECTOR;
  private static final String COINCAP = " " + TestPipeline.COINCAP_CONNECTOR;
  private static final String COINBASE = " " + TestPipeline.COINBASE_CONNECTOR;
  private static final String JOB = " market-stream-job";
  private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{ *(\\w+) *}}");
  private static final Pattern ANNOTATION_LABEL = Pattern.compile("\\$labels\\.(\\w+)");

  /** Thresholds that would take minutes to reach. */
  private static final Map<String, String> QUICKER =
      Map.of(
          "last_tick > 300000", "last_tick > 10000",
          "/ 1000 > 60", "/ 1000 > 3",
          "holes_total[15m]) > 10", "holes_total[15m]) > 1",
          "failures_total[15m]) > 10", "failures_total[15m]) > 2",
          "lag_Value\"}) > 200000", "lag_Value\"}) > 5000",
          "since_batch_ms_Value\"}) > 300000", "since_batch_ms_Value\"}) > 10000",
          "trigger_ms_Value > 10000", "trigger_ms_Value > 4000",
          "latency_p99_ms_Value\"}) > 5000", "latency_p99_ms_Value\"}) > 4000");

  @TempDir private static Path home;
  private Path promtool;
  private TestPipeline pipeline;
  private ApiProcess api;
  private Process nodeExporter;
  private PrometheusServer prometheus;

  @BeforeAll
  void startEverything() throws Exception {
    Optional<Path> server = PrometheusServer.program("prometheus");
    Optional<Path> tool = PrometheusServer.program("promtool");
    Optional<Path> node = PrometheusServer.program("prometheus-node-exporter");
    assumeTrue(
        server.isPresent() && tool.isPresent() && node.isPresent(),
        "Install prometheus and prometheus-node-exporter (Debian) to run this test");
    promtool = tool.get();
    int worker = FreePorts.next();
    int broker = FreePorts.next();
    int cassandra = FreePorts.next();
    int ui = FreePorts.next();
    TestStackBuilder stack =
        TestStack.single(home)
            .workerJvmOption(agent(worker, "worker.yml"))
            .kafkaJvmOption(agent(broker, "broker.yml"))
            .cassandraJvmOption(agent(cassandra, "cassandra.yml"))
            .job("spark.ui.enabled", "true")
            .job("spark.ui.port", Integer.toString(ui))
            .jobArgument("--max-offsets-per-trigger", "2000");
    pipeline = new TestPipeline(stack.build(), new FeedRates(60, 30, 20), SEED);
    pipeline.start(
        "AAPL,MSFT",
        "bitcoin,ethereum",
        Map.of("heartbeat.interval.ms", "1000", "buffer.max.records", "3000"));
    api = new ApiProcess(pipeline.stack.cassandra, Tables.KEYSPACE, home.resolve("api.log"));
    api.start();
    int nodePort = FreePorts.next();
    nodeExporter =
        PrometheusServer.start(
            home.resolve("node-exporter.log"),
            node.get().toString(),
            "--web.listen-address=127.0.0.1:" + nodePort);
    Map<String, Integer> ports =
        Map.of(
            "worker:9404",
            worker,
            "kafka:9404",
            broker,
            "cassandra:9404",
            cassandra,
            "job:4040",
            ui,
            "api:8080",
            api.uri().getPort(),
            "node-exporter:9100",
            nodePort);
    prometheus = new PrometheusServer(server.get(), quickConfig(ports), home);
    pipeline.awaitRows(TestPipeline.FINNHUB, 600, TIMEOUT);
    await("no alert fires after the start")
        .atMost(TIMEOUT)
        .until(
            () ->
                prometheus.firing().isEmpty()
                    && prometheus.query("sum_over_time(up[20s]) > 10").size() == 6);
  }

  private static String agent(int port, String config) {
    return "-javaagent:"
        + TestStack.ROOT.resolve(
            "local/embedded-stack/classpaths/jmx-exporter/target/jmx_prometheus_javaagent.jar")
        + "=127.0.0.1:"
        + port
        + ":"
        + MonitoringFiles.EXPORTERS.resolve(config);
  }

  /** The shipped configuration and rules with other addresses, and shorter times. */
  private Path quickConfig(Map<String, Integer> ports) throws IOException {
    String config =
        Files.readString(MonitoringFiles.PROMETHEUS.resolve("prometheus.yml"))
            .replace("_interval: 15s", "_interval: 1s");
    for (Map.Entry<String, Integer> port : ports.entrySet()) {
      assertThat(config).contains(port.getKey());
      config = config.replace(port.getKey(), "127.0.0.1:" + port.getValue());
    }
    String rules = Files.readString(MonitoringFiles.RULES);
    for (Map.Entry<String, String> threshold : QUICKER.entrySet()) {
      assertThat(rules).contains(threshold.getKey());
      rules = rules.replace(threshold.getKey(), threshold.getValue());
    }
    rules = rules.replaceAll("\\[\\d+m]", "[20s]").replaceAll("for: \\d+m", "for: 1s");
    Files.writeString(home.resolve("market-stream.rules.yml"), rules);
    return Files.writeString(home.resolve("prometheus.yml"), config);
  }

  @AfterAll
  void stopEverything() {
    if (prometheus != null) {
      prometheus.close();
    }
    if (nodeExporter != null) {
      PrometheusServer.stop(nodeExporter);
    }
    if (api != null) {
      api.close();
    }
    if (pipeline != null) {
      pipeline.close();
    }
  }

  @Test
  @Order(1)
  void promtoolAcceptsTheFiles() throws Exception {
    assertPromtool(
        "check", "config", MonitoringFiles.PROMETHEUS.resolve("prometheus.yml").toString());
    assertPromtool("check", "rules", MonitoringFiles.RULES.toString());
  }

  @Test
  @Order(2)
  void theShippedTimesFireOnMadeUpSeries() throws Exception {
    assertPromtool("test", "rules", MonitoringFiles.RULE_TESTS.toString());
  }

  private void assertPromtool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(promtool.toString()));
    command.addAll(List.of(arguments));
    Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(run.exitValue()).as(output).isZero();
  }

  @Test
  @Order(3)
  void eachRuleFindsItsMetricsAndLabels() {
    for (Alert alert : MonitoringFiles.alerts()) {
      String measured =
          alert.expr().replaceAll(" (?:[<>]|==) [\\d.]+$", "").replaceAll("\\[\\d+m]", "[20s]");
      assertThat(measured).as(alert.name()).isNotEqualTo(alert.expr());
      List<Map<String, String>> samples = prometheus.query(measured);
      assertThat(samples).as("%s: %s", alert.name(), measured).isNotEmpty();
      for (String label : names(ANNOTATION_LABEL, alert.annotations().toString())) {
        assertThat(samples).as(alert.name()).allMatch(sample -> sample.containsKey(label));
      }
    }
  }

  @Test
  @Order(4)
  void eachPanelFindsItsMetricsAndLabels() {
    List<PanelQuery> queries = MonitoringFiles.panelQueries();
    assertThat(queries.stream().map(PanelQuery::dashboard))
        .contains("Overview", "Feed", "Job", "Tables");
    for (PanelQuery query : queries) {
      String expr =
          query.expr().replace("$connector", ".*").replaceAll("\\[(?:\\$\\w+|1h)]", "[20s]");
      String name = query.dashboard() + ", " + query.panel() + ": " + expr;
      List<Map<String, String>> samples = prometheus.query(expr);
      assertThat(samples).as(name).isNotEmpty();
      for (String label : names(LEGEND_LABEL, query.legend())) {
        assertThat(samples).as(name).allMatch(sample -> sample.containsKey(label));
      }
    }
    // The exporter adds this label where two MBeans claim one name.
    assertThat(prometheus.query("{_objectname!=\"\"}")).isEmpty();
    for (String metric : List.of("marketstream_feed_connected", "kafka_connect_connector_tasks")) {
      assertThat(prometheus.query(metric).stream().map(sample -> sample.get("connector")))
          .as(metric)
          .containsAll(pipeline.connectors());
    }
  }

  private static List<String> names(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult found) -> found.group(1)).toList();
  }

  @Test
  @Order(5)
  void aHealthyPipelineIsQuiet() throws Exception {
    for (int second = 0; second < 20; second++) {
      assertThat(prometheus.firing()).isEmpty();
      Thread.sleep(1_000); // the time over which the alerts look back
    }
  }

  @Test
  @Order(6)
  void aSilentFeed() {
    pipeline.pauseSending();
    assertFires(
        pipeline::resumeSending,
        Set.of(
            "FeedSilent" + FINNHUB,
            "FeedSilent" + COINCAP,
            "FeedSilent" + COINBASE,
            "JobWritesNothing" + JOB));
  }

  @Test
  @Order(7)
  void aPausedConnectorFillsItsBuffer() {
    pipeline.stack.connect.rest().pause(TestPipeline.FINNHUB_CONNECTOR);
    pipeline.finnhub.faults().burst(60, Duration.ofSeconds(2));
    assertFires(
        () -> pipeline.stack.connect.rest().resume(TestPipeline.FINNHUB_CONNECTOR),
        Set.of("HeartbeatMissing" + FINNHUB, "BufferNearlyFull" + FINNHUB),
        "GapSeconds" + FINNHUB,
        "FeedSilent" + FINNHUB);
  }

  @Test
  @Order(8)
  void aFeedThatDropsItsConnections() {
    pipeline.coincap.faults().flapEvery(Duration.ofMillis(1_500));
    assertFires(
        pipeline.coincap.faults()::stopFlapping,
        Set.of("ReconnectStorm" + COINCAP, "GapSeconds" + COINCAP),
        "FeedSilent" + COINCAP);
  }

  @Test
  @Order(9)
  void inputThatNobodyUnderstands() throws Exception {
    pipeline.finnhub.sendRaw("this is not JSON");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", pipeline.stack.kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>("market_data", "nor is this".getBytes(StandardCharsets.UTF_8)))
          .get();
    }
    assertFires(() -> {}, Set.of("FeedRejects" + FINNHUB, "JobRejects" + JOB));
  }

  @Test
  @Order(10)
  void aRefusedSymbol() {
    pipeline.finnhub.faults().refuseSubscriptions(Set.of("MSFT"));
    pipeline.finnhub.faults().drop();
    assertFires(
        () -> {
          pipeline.finnhub.faults().acceptSubscriptions();
          pipeline.finnhub.faults().drop();
        },
        Set.of("SubscriptionsRefused" + FINNHUB),
        "FeedRejects" + FINNHUB, // the refusal is a frame with an error
        "GapSeconds" + FINNHUB);
  }

  @Test
  @Order(11)
  void aFeedThatLeavesOutTradesAndAHistoryThatIsAway() {
    String product = TestPipeline.PRODUCTS.get(0);
    pipeline.coinbase.failRest(1_000, 503);
    for (int hole = 0; hole < 4; hole++) {
      pipeline.coinbase.dropNextMatches(product, 1);
      await().atMost(TIMEOUT).until(() -> pipeline.coinbase.matchesToDrop(product) == 0);
      pipeline.coinbase.trade(product, 1);
    }
    assertFires(
        pipeline.coinbase::healRest,
        Set.of(
            "TradesLeftOut" + COINBASE, "RepairsPending" + COINBASE, "RepairFailures" + COINBASE),
        "GapSeconds" + COINBASE);
  }

  @Test
  @Order(12)
  void tradesThatTheVenueDoesNotHave() {
    String product = TestPipeline.PRODUCTS.get(0);
    pipeline.coinbase.haltTrading(product);
    List<SimMatch> history = pipeline.coinbase.history(product);
    pipeline.coinbase.markAbsent(product, history.get(history.size() - 1).id() + 1);
    pipeline.coinbase.resumeTrading(product);
    assertFires(
        () -> {},
        Set.of("TradesAbsent" + COINBASE),
        "TradesLeftOut" + COINBASE, // an id without a trade is a hole as well
        "RepairsPending" + COINBASE,
        "GapSeconds" + COINBASE);
  }

  @Test
  @Order(13)
  void moreTicksThanTheJobCanTake() {
    // Some 60,000 ticks/s. A fast machine keeps up with a tenth of that.
    pipeline.finnhub.faults().burst(1_000, Duration.ofSeconds(6));
    assertFires(
        () -> {},
        Set.of("JobBehind" + JOB),
        "LatencyAboveTarget" + JOB,
        "BufferNearlyFull" + FINNHUB,
        "GapSeconds" + FINNHUB);
  }

  @Test
  @Order(14)
  void aSlowCassandra() {
    AtomicBoolean over = new AtomicBoolean();
    Thread freezer =
        new Thread(
            () -> {
              while (!over.get()) {
                pipeline.stack.cassandra.suspend();
                sleep(5_000); // how long a batch waits
                pipeline.stack.cassandra.resume();
                sleep(300); // in which the batch ends
              }
            });
    freezer.start();
    assertFires(
        () -> {
          over.set(true);
          join(freezer);
        },
        Set.of("BatchSlow" + JOB, "LatencyAboveTarget" + JOB),
        "TargetDown cassandra",
        "JobBehind" + JOB,
        "JobWritesNothing" + JOB);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @Order(15)
  void aRefusedKey() {
    pipeline.coincap.faults().failHandshakes(1, HandshakeFault.status(401));
    pipeline.coincap.faults().drop();
    assertFires(
        () -> pipeline.stack.connect.rest().restart(TestPipeline.COINCAP_CONNECTOR),
        Set.of("TaskFailed" + COINCAP),
        "GapSeconds" + COINCAP,
        "HeartbeatMissing" + COINCAP);
  }

  @Test
  @Order(16)
  void aFeedThatIsLate() {
    pipeline.finnhub.faults().delayTicks(Duration.ofSeconds(20));
    assertFires(
        () -> pipeline.finnhub.faults().delayTicks(Duration.ZERO), Set.of("FeedDelay" + FINNHUB));
  }

  @Test
  @Order(17)
  void aDeadJob() {
    pipeline.stack.job.kill();
    assertFires(pipeline.stack.job::start, Set.of("TargetDown" + JOB));
  }

  /**
   * Waits until all these alerts have fired, ends the fault, and waits until none fires. Only these
   * and the allowed alerts may fire.
   */
  private void assertFires(Runnable endOfFault, Set<String> expected, String... allowed) {
    Set<String> seen = new TreeSet<>();
    try {
      await("fire: " + expected)
          .pollInterval(Duration.ofMillis(500))
          .atMost(TIMEOUT)
          .until(
              () -> {
                seen.addAll(prometheus.firing());
                return seen.containsAll(expected);
              });
    } finally {
      endOfFault.run();
      await("no alert fires after the fault is over")
          .atMost(TIMEOUT)
          .untilAsserted(() -> assertThat(prometheus.firing()).isEmpty());
    }
    seen.removeAll(expected);
    assertThat(List.of(allowed)).as("alerts that the fault does not explain").containsAll(seen);
  }
}
