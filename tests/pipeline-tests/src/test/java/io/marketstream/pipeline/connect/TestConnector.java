package io.marketstream.pipeline.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.embedded.component.ConnectRest;
import io.marketstream.embedded.component.ConnectRestException;
import io.marketstream.pipeline.GapRow;
import io.marketstream.pipeline.PipelineAudit;
import io.marketstream.pipeline.ShippedConnectors;
import io.marketstream.pipeline.TestStack;
import io.marketstream.pipeline.TopicContents;
import io.marketstream.simulator.coinbase.CoinbaseSimulator;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.server.FeedSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A connector of one test. It is a file of connect-configs/ with its own name, topics and simulated
 * feed. Closing deletes it.
 */
final class TestConnector implements AutoCloseable {

  static final Duration TIMEOUT = Duration.ofSeconds(150);
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestStack stack;
  private final FeedSimulator feed;
  final String name;
  final String source;
  final ObjectNode config;
  private boolean created;

  private TestConnector(
      TestStack stack, FeedSimulator feed, String name, String source, ObjectNode config) {
    this.stack = stack;
    this.feed = feed;
    this.name = name;
    this.source = source;
    this.config = config;
  }

  private TestConnector(TestStack stack, FeedSimulator feed, String kind) {
    this(
        stack,
        feed,
        kind + "-" + NUMBER.incrementAndGet(),
        kind + "-sim",
        config(ShippedConnectors.read(kind + "-source.json")));
    with("source.name", source);
    with("topic", name + "-ticks").with("gaps.topic", name + "-gaps");
    with("rejected.topic", name + "-rejected").with("heartbeats.topic", name + "-heartbeats");
    with("topic.creation.default.partitions", "1");
    withAddress(kind);
    with("reconnect.backoff.ms", "50").with("reconnect.backoff.max.ms", "200");
  }

  static TestConnector finnhub(TestStack stack, FinnhubSimulator feed, String... symbols) {
    return new TestConnector(stack, feed, "finnhub")
        .with("finnhub.token", FinnhubSimulator.DEFAULT_TOKEN)
        .with("finnhub.symbols", String.join(",", symbols))
        .with("finnhub.subscribe.interval.ms", "1");
  }

  static TestConnector coincap(TestStack stack, CoinCapSimulator feed, String assets) {
    return new TestConnector(stack, feed, "coincap")
        .with("coincap.api.key", CoinCapSimulator.DEFAULT_API_KEY)
        .with("coincap.assets", assets);
  }

  /**
   * Returns a connector from a file of connect-configs/, unchanged except for the address of the
   * feed. It keeps the file's name, topics and key.
   */
  static TestConnector shipped(TestStack stack, String file, FeedSimulator... feeds) {
    JsonNode connector = ShippedConnectors.read(file);
    String type = config(connector).get("connector.class").asText();
    FeedSimulator feed =
        Stream.of(feeds)
            .filter(each -> type.startsWith("io.marketstream." + each.feed().wireName() + "."))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no simulator for " + type));
    String source = feed.feed().wireName();
    return new TestConnector(stack, feed, connector.get("name").asText(), source, config(connector))
        .withAddress(source);
  }

  private TestConnector withAddress(String kind) {
    with(kind + ".websocket.url", feed.url());
    return feed instanceof CoinbaseSimulator coinbase
        ? with("coinbase.rest.url", coinbase.restUri().toString())
        : this;
  }

  private static ObjectNode config(JsonNode connector) {
    return (ObjectNode) connector.get("config");
  }

  TestConnector with(String key, String value) {
    config.put(key, value);
    return this;
  }

  private ConnectRest rest() {
    return stack.connect.rest();
  }

  /** A worker refuses changes (409) while connectors of other tests come and go. */
  private static void onceBalanced(Runnable change) {
    await()
        .atMost(TIMEOUT)
        .until(
            () -> {
              try {
                change.run();
                return true;
              } catch (ConnectRestException e) {
                if (e.status() == 409) {
                  return false;
                }
                throw e;
              }
            });
  }

  /**
   * {@code PUT …/config}: creates or changes the connector. Returns when the worker has the
   * configuration.
   */
  TestConnector put() {
    onceBalanced(() -> rest().putConfig(name, config));
    created = true;
    return this;
  }

  /** {@code POST /connectors}, as the README says. */
  TestConnector post() {
    ObjectNode connector = JSON.createObjectNode().put("name", name).set("config", config);
    onceBalanced(() -> rest().create(connector.toString()));
    created = true;
    return this;
  }

  TestConnector awaitRunning() {
    awaitTask("RUNNING");
    return this;
  }

  /** Waits until the only task is in the state, and returns its status. */
  ConnectRest.State awaitTask(String state) {
    return await("task of " + name + " " + state)
        .atMost(TIMEOUT)
        // A status that does not arrive within three seconds is requested again.
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .until(this::task, task -> task != null && task.state().equals(state));
  }

  /** Returns the only task's status, or null if there is none yet. */
  ConnectRest.State task() {
    List<ConnectRest.State> states = rest().states(name);
    assertThat(states.size()).as("a connector and one task: %s", states).isLessThanOrEqualTo(2);
    return states.size() < 2 ? null : states.get(1);
  }

  void pause() {
    onceBalanced(() -> rest().pause(name));
    awaitTask("PAUSED");
  }

  void resume() {
    onceBalanced(() -> rest().resume(name));
    awaitTask("RUNNING");
  }

  void restart() {
    onceBalanced(() -> rest().restart(name));
  }

  void restartTask() {
    onceBalanced(() -> rest().call("POST", "/connectors/" + name + "/tasks/0/restart", ""));
  }

  /** {@code PUT …/stop}: stops the task, so that its offsets may be altered. */
  void stop() {
    onceBalanced(() -> rest().stop(name));
    await("stop of " + name)
        .atMost(TIMEOUT)
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .until(() -> task() == null && feed.connected() == 0);
  }

  /**
   * @param body of {@code PATCH …/offsets}
   */
  void alterOffsets(String body) {
    onceBalanced(() -> rest().call("PATCH", "/connectors/" + name + "/offsets", body));
  }

  void resetOffsets() {
    onceBalanced(() -> rest().call("DELETE", "/connectors/" + name + "/offsets", null));
  }

  JsonNode offsets() {
    return rest().call("GET", "/connectors/" + name + "/offsets", null).get("offsets");
  }

  /** Waits until the worker has stored an offset of the symbol in this session or a newer one. */
  void awaitStored(String symbol, long session) {
    await("offset of " + symbol)
        .atMost(TIMEOUT)
        .until(
            () -> {
              for (JsonNode entry : offsets()) {
                if (entry.at("/partition/symbol").asText().equals(symbol)
                    && entry.at("/offset/session").asLong() >= session) {
                  return true;
                }
              }
              return false;
            });
  }

  /** Returns the topic of {@code ticks}, {@code gaps} or {@code rejected}. */
  String topic(String kind) {
    return config.get(kind.equals("ticks") ? "topic" : kind + ".topic").asText();
  }

  /** Returns the records of this connector's source, because others may also write to the topic. */
  private List<JsonNode> values(String kind) {
    String own = config.path("source.name").asText(source);
    return TopicContents.values(stack.kafka, topic(kind)).stream()
        .filter(value -> value.path("source").asText().equals(own))
        .toList();
  }

  List<JsonNode> ticks() {
    return values("ticks");
  }

  List<JsonNode> awaitTicks(int atLeast) {
    await(atLeast + " ticks of " + name).atMost(TIMEOUT).until(() -> ticks().size() >= atLeast);
    return ticks();
  }

  List<JsonNode> gapRecords() {
    return values("gaps");
  }

  /** Returns each gap once. It is closed if its closed record exists. */
  List<GapRow> gaps() {
    return List.copyOf(
        gapRecords().stream()
            .map(GapRow::of)
            .collect(
                Collectors.toMap(
                    GapRow::identity,
                    gap -> gap,
                    (earlier, later) -> later.isClosed() ? later : earlier,
                    java.util.LinkedHashMap::new))
            .values());
  }

  List<GapRow> gaps(String cause) {
    return gaps().stream().filter(gap -> gap.cause().equals(cause)).toList();
  }

  /**
   * Waits until a cause has this many gaps, all closed. Ticks right after subscribing may be too
   * early to end a gap, so a Finnhub feed pings meanwhile.
   */
  List<GapRow> awaitClosed(String cause, int count) {
    await(count + " closed gaps " + cause + " of " + name)
        .atMost(TIMEOUT)
        .until(
            () -> {
              if (feed instanceof FinnhubSimulator finnhub) {
                finnhub.sendPing();
              }
              return gaps(cause).stream().filter(GapRow::isClosed).count() >= count;
            });
    assertThat(gaps(cause)).hasSize(count).allMatch(GapRow::isClosed);
    return gaps(cause);
  }

  /** Waits until a cause has this many open gaps. */
  List<GapRow> awaitOpen(String cause, int count) {
    await(count + " open gaps " + cause + " of " + name)
        .atMost(TIMEOUT)
        .until(() -> gaps(cause).stream().filter(gap -> !gap.isClosed()).count() == count);
    return gaps(cause);
  }

  List<JsonNode> rejects() {
    return values("rejected");
  }

  List<JsonNode> awaitRejects(int atLeast) {
    await(atLeast + " rejects of " + name).atMost(TIMEOUT).until(() -> rejects().size() >= atLeast);
    return rejects();
  }

  /** Waits until the auditor finds an explanation for every tick that the feed sent. */
  void awaitExplained() {
    await("an explanation of every tick of " + name)
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(
                        new ConnectorAudit(
                                source,
                                PipelineAudit.recorded(source, feed.sent()),
                                ticks(),
                                gapRecords())
                            .findings())
                    .isEmpty());
  }

  private static List<Object> identity(JsonNode tick) {
    return List.of(
        tick.get("symbol").asText(), tick.get("session").asLong(), tick.get("sequence").asLong());
  }

  /** Requires that no two ticks have the same number. Repetitions of one tick are allowed. */
  void assertNoNumberTwice() {
    Map<List<Object>, Set<JsonNode>> byIdentity =
        ticks().stream()
            .collect(Collectors.groupingBy(TestConnector::identity, Collectors.toSet()));
    assertThat(byIdentity.values()).allMatch(ticks -> ticks.size() == 1);
  }

  /** Returns the newest session in the topic. */
  long newestSession() {
    return ticks().stream().mapToLong(tick -> tick.get("session").asLong()).max().orElse(0);
  }

  double metric(String metric) {
    Map<String, Double> all = stack.metrics.of(name);
    assertThat(all).containsKey(metric);
    return all.get(metric);
  }

  void awaitMetric(String metric, double value) {
    await(metric + " = " + value + " of " + name)
        .atMost(TIMEOUT)
        .until(
            () -> {
              Double now = stack.metrics.of(name).get(metric);
              return now != null && now == value;
            });
  }

  /**
   * Returns what the worker logged about this connector at a level. It returns only our warnings,
   * because a worker and its producer log other ones.
   */
  List<String> log(String level) {
    try (var lines = Files.lines(stack.connect.log())) {
      return lines
          .filter(line -> line.contains("[" + name + "|"))
          .filter(line -> line.contains(" " + level + " "))
          .filter(line -> !level.equals("WARN") || line.contains(" i.m.f."))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete() {
    if (created) {
      onceBalanced(() -> rest().delete(name));
      created = false;
    }
  }

  @Override
  public void close() {
    if (stack.connect.isRunning()) {
      delete();
    }
  }
}
