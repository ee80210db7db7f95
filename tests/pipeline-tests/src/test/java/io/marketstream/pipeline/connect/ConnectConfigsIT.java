package io.marketstream.pipeline.connect;

import static io.marketstream.pipeline.connect.TestConnector.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.pipeline.SecureBroker;
import io.marketstream.pipeline.TestStack;
import io.marketstream.pipeline.TestStackBuilder;
import io.marketstream.simulator.coinbase.CoinbaseSimulator;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.server.FeedSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Uses every file of connect-configs/ on a real worker, unchanged except for addresses and paths.
 * The worker resolves the references to secrets.
 */
@Tag("connect")
@ExtendWith(SharedCluster.class)
@Execution(ExecutionMode.CONCURRENT)
class ConnectConfigsIT {

  private static final String USER = "market-stream";

  /** Quotes and backslashes would need escaping in the JAAS line, as the worker's file says. */
  private static final String PASSWORD = "simulated kafka = password; of the test";

  private static final Path FOLDER = TestStack.ROOT.resolve("connect-configs");

  /** Defaults of a broker. A topic with these defaults would lose records or fail a task. */
  private static final Map<String, String> DEFAULTS_OF_ANOTHER_CLUSTER =
      Map.of(
          "log.cleanup.policy", "compact",
          "auto.create.topics.enable", "false");

  /** One connector per feed. The other files replace these. */
  private static final List<String> PAIR = List.of("finnhub-source.json", "coincap-source.json");

  private static final Map<String, String> SYMBOLS_OF =
      Map.of(
          "finnhub", "finnhub.symbols",
          "coincap", "coincap.assets",
          "coinbase", "coinbase.products");

  private static final int TICKS_OF_EACH_FEED = 200;

  @TempDir private Path home;

  private final TestStack shared;
  private final FinnhubSimulator finnhub =
      FinnhubSimulator.builder()
          .tokens(
              TestStackBuilder.FEED_KEYS.get("FINNHUB_TOKEN"),
              TestStackBuilder.FEED_KEYS.get("FINNHUB_TOKEN_2"))
          .market(400, 7)
          .marketInterval(Duration.ofMillis(50))
          .start();
  private final CoinCapSimulator coincap =
      CoinCapSimulator.builder().market(400, 7).marketInterval(Duration.ofMillis(50)).start();
  private final CoinbaseSimulator coinbase =
      CoinbaseSimulator.builder()
          .products(
              "BTC-USD",
              "ETH-USD",
              "SOL-USD",
              "XRP-USD",
              "DOGE-USD",
              "ADA-USD",
              "LTC-USD",
              "LINK-USD")
          .market(400, 7)
          .marketInterval(Duration.ofMillis(50))
          .start();
  private final List<FeedSimulator> feeds = List.of(finnhub, coincap, coinbase);
  private final List<TestConnector> connectors = new ArrayList<>();

  ConnectConfigsIT(TestStack shared) {
    this.shared = shared;
  }

  @AfterEach
  void deleteConnectors() {
    connectors.forEach(TestConnector::close);
    finnhub.close();
    coincap.close();
    coinbase.close();
  }

  @Test
  void everyWorkerFileIsStartedByATest() throws IOException {
    assertThat(files(".properties"))
        .as(
            "connect-distributed: SharedCluster, -exactly-once: ExactlyOnceWorkerIT,"
                + " -sasl-ssl: here, connect-standalone: BackPressureIT")
        .containsExactlyInAnyOrder(
            "connect-distributed.properties",
            "connect-distributed-exactly-once.properties",
            "connect-distributed-sasl-ssl.properties",
            "connect-standalone.properties");
  }

  @Test
  void severalConnectorsAndTokensOfAFeedRunInParallel() throws Exception {
    Set<String> others = files(".json");
    others.removeAll(PAIR);
    post(shared, others);
    assertThat(connectors).hasSizeGreaterThanOrEqualTo(3);
    ticksFlow();
    assertThat(symbols("finnhub").size())
        .as("more symbols than one connection of the free plan may have")
        .isGreaterThan(50);
    assertThat(connectors)
        .filteredOn(connector -> connector.source.equals("coincap"))
        .allMatch(connector -> connector.config.get("coincap.assets").asText().equals("ALL"));
    assertThat(coincap.sent().stream().map(tick -> tick.symbol()).distinct().count())
        .isGreaterThan(20);
  }

  @Test
  @Tag("extended")
  void aWorkerReachesASecuredCluster() throws Exception {
    SecureBroker secure = new SecureBroker(home);
    TestStackBuilder builder = TestStack.connectOnly(home);
    secure.settings(builder.kafkaPort()).forEach(builder::kafka);
    DEFAULTS_OF_ANOTHER_CLUSTER.forEach(builder::kafka);
    builder
        .workerFile("connect-distributed-sasl-ssl.properties")
        .worker("bootstrap.servers", secure.bootstrapServers())
        .workerEnvironment("KAFKA_USERNAME", USER)
        .workerEnvironment("KAFKA_PASSWORD", PASSWORD);
    for (String client : List.of("", "producer.", "admin.", "consumer.")) {
      builder.worker(client + "ssl.truststore.location", secure.authority().toString());
    }
    try (TestStack stack = builder.build()) {
      stack.kafka.start();
      try (Admin admin = stack.kafka.admin()) {
        SecureBroker.addUser(admin, USER, PASSWORD, rightsOfTheWorker());
      }
      stack.connect.start();
      post(stack, PAIR);
      ticksFlow();
      rejectsArriveInTopicsThatKeepEverything(stack);
      assertThat(Files.readString(stack.connect.log()))
          .doesNotContain(PASSWORD)
          .doesNotContain("AuthorizationException");
      deleteConnectors();
    }
  }

  /** A compacted topic refuses a record without a key, and keeps the last one of each key. */
  private void rejectsArriveInTopicsThatKeepEverything(TestStack stack) throws Exception {
    finnhub.sendRaw("no JSON");
    finnhub.sendRaw("no JSON either");
    TestConnector connector = of("finnhub").get(0);
    connector.awaitRejects(2);
    assertThat(connector.task().state()).isEqualTo("RUNNING");
    List<ConfigResource> topics =
        Stream.of("ticks", "rejected")
            .map(kind -> new ConfigResource(ConfigResource.Type.TOPIC, connector.topic(kind)))
            .toList();
    try (Admin admin = stack.kafka.admin()) {
      assertThat(admin.describeConfigs(topics).all().get().values())
          .extracting(config -> config.get("cleanup.policy").value())
          .containsOnly("delete");
    }
  }

  /** Returns exactly the rights that connect-configs/README.md lists. */
  private static List<AclBinding> rightsOfTheWorker() {
    List<AclBinding> rights = new ArrayList<>();
    for (AclOperation operation :
        List.of(
            AclOperation.READ,
            AclOperation.WRITE,
            AclOperation.CREATE,
            AclOperation.DESCRIBE_CONFIGS)) {
      rights.add(right(ResourceType.TOPIC, "market-stream-connect-", operation));
    }
    for (AclOperation operation : List.of(AclOperation.WRITE, AclOperation.CREATE)) {
      rights.add(right(ResourceType.TOPIC, "market_data", operation));
    }
    rights.add(right(ResourceType.GROUP, "market-stream-connect", AclOperation.READ));
    return rights;
  }

  private static AclBinding right(ResourceType type, String prefix, AclOperation operation) {
    return SecureBroker.right(
        USER, new ResourcePattern(type, prefix, PatternType.PREFIXED), operation);
  }

  private static Set<String> files(String ending) throws IOException {
    try (var all = Files.list(FOLDER)) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /**
   * Creates connectors one after the other, so that the times distinguish the sessions of one feed.
   */
  private void post(TestStack stack, Iterable<String> files) throws Exception {
    for (String file : files) {
      TestConnector connector =
          TestConnector.shipped(stack, file, finnhub, coincap, coinbase).post();
      connectors.add(connector);
      feedOf(connector).awaitConnected(of(connector.source).size(), TIMEOUT);
    }
  }

  /** Checks that each feed delivers the requested symbols, and that every tick is in the topic. */
  private void ticksFlow() throws Exception {
    for (FeedSimulator feed : feeds) {
      String kind = feed.feed().wireName();
      if (of(kind).isEmpty()) {
        continue;
      }
      feed.awaitSubscribed(symbols(kind), TIMEOUT);
      long before = feed.sentCount();
      await("ticks of " + kind)
          .atMost(TIMEOUT)
          .until(() -> feed.sentCount() - before >= TICKS_OF_EACH_FEED);
      feed.pauseSending();
      assertThat(feed.connected()).as("one connection per connector").isEqualTo(of(kind).size());
      assertThat(feed.connectionCount())
          .as("no connection that replaced another")
          .isEqualTo(of(kind).size());
    }
    for (TestConnector connector : connectors) {
      connector.awaitRunning();
      connector.awaitExplained();
      assertThat(connector.gaps()).isEmpty();
      assertThat(connector.rejects()).isEmpty();
      assertThat(connector.ticks()).hasSize(feedOf(connector).sent().size());
    }
  }

  private FeedSimulator feedOf(TestConnector connector) {
    return feeds.stream()
        .filter(feed -> feed.feed().wireName().equals(connector.source))
        .findFirst()
        .orElseThrow();
  }

  private List<TestConnector> of(String source) {
    return connectors.stream().filter(connector -> connector.source.equals(source)).toList();
  }

  private Set<String> symbols(String source) {
    Set<String> symbols = new HashSet<>();
    for (TestConnector connector : of(source)) {
      JsonNode listed = connector.config.get(SYMBOLS_OF.get(source));
      for (String symbol : listed.asText().split(",", -1)) {
        assertThat(symbols.add(symbol)).as("%s belongs to one connector", symbol).isTrue();
      }
    }
    return symbols;
  }
}
