package io.marketstream.pipeline.connect;

import static io.marketstream.pipeline.connect.TestConnector.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.embedded.component.ConnectRelease;
import io.marketstream.embedded.component.ConnectRest;
import io.marketstream.embedded.component.ConnectRestException;
import io.marketstream.pipeline.TestStack;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.market.SimTrade;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sink reads our JSON without envelope as records with a schema, because its converter has a file
 * of schemas/ as {@code schema.content} (KIP-1054).
 */
@Tag("connect")
@Tag("extended")
class SchemaContentIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TICKS = 3;

  @TempDir static Path home;
  private static TestStack stack;

  private final FinnhubSimulator feed = FinnhubSimulator.builder().start();
  private final String name = TestStack.unique("content", "-");
  private final Path output = home.resolve(name + ".txt");
  private TestConnector connector;

  @BeforeAll
  static void startWorker() {
    assumeThat(TestStack.CONNECT_RELEASE)
        .as("schema.content exists since Kafka 4.2")
        .isEqualTo(ConnectRelease.NEWEST);
    stack =
        SharedCluster.stack(home)
            .worker("plugin.path", home.resolve("plugins") + "," + SchemaRegistry.plugins())
            .start();
  }

  @AfterAll
  static void stopWorker() {
    if (stack != null) {
      stack.close();
    }
  }

  @BeforeEach
  void writeTicks() throws Exception {
    connector = TestConnector.finnhub(stack, feed, "AAPL").put();
    feed.awaitSubscribed(List.of("AAPL"), TIMEOUT);
    connector.awaitRunning();
    feed.send(
        IntStream.range(0, TICKS)
            .mapToObj(i -> SimTrade.of("AAPL", "164." + i, "5", 1_700_000_000_000L + i, "1"))
            .toList());
    connector.awaitTicks(TICKS);
  }

  @AfterEach
  void deleteConnectors() {
    onceBalanced(() -> rest().delete(name));
    connector.close();
    feed.close();
  }

  @Test
  void sinkReadsTheTicksAsRecordsWithASchema() throws Exception {
    createSink(Files.readString(TestStack.ROOT.resolve("schemas/MarketTick.v2.connect.json")));

    await("all ticks in " + output)
        .atMost(TIMEOUT)
        .until(() -> Files.exists(output) && Files.readAllLines(output).size() == TICKS);
    long session = connector.newestSession();
    List<String> lines = Files.readAllLines(output);
    for (int i = 0; i < TICKS; i++) {
      assertThat(lines.get(i))
          .as("a struct, with times as dates")
          .startsWith(
              "Struct{source=finnhub-sim,kind=trade,symbol=AAPL,price=164."
                  + i
                  + ",volume=5,conditions=[1],event_time=Tue Nov 14 ")
          .endsWith(",session=" + session + ",sequence=" + i + "}");
    }
  }

  @Test
  void withoutTheFileTheSinkFails() {
    createSink("");

    await(name + " FAILED")
        .atMost(TIMEOUT)
        .until(() -> rest().states(name).stream().anyMatch(ConnectRest.State::isFailed));
    assertThat(rest().states(name).get(1).trace()).contains("schemas.enable");
  }

  private void createSink(String schemaContent) {
    ObjectNode config =
        JSON.createObjectNode()
            .put("connector.class", "org.apache.kafka.connect.file.FileStreamSinkConnector")
            .put("topics", connector.topic("ticks"))
            .put("file", output.toString())
            .put("key.converter", "org.apache.kafka.connect.storage.StringConverter")
            .put("value.converter", "org.apache.kafka.connect.json.JsonConverter")
            .put("value.converter.schemas.enable", "true");
    if (!schemaContent.isEmpty()) {
      config.put("value.converter.schema.content", schemaContent);
    }
    onceBalanced(() -> rest().putConfig(name, config));
  }

  private ConnectRest rest() {
    return stack.connect.rest();
  }

  /** A worker refuses changes (409) while connectors of other tests come and go. */
  private static void onceBalanced(Runnable change) {
    await()
        .atMost(TIMEOUT)
        .ignoreExceptionsMatching(
            e -> e instanceof ConnectRestException refused && refused.status() == 409)
        .until(
            () -> {
              change.run();
              return true;
            });
  }
}
