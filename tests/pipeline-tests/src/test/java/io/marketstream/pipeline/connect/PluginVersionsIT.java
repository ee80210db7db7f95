package io.marketstream.pipeline.connect;

import static io.marketstream.pipeline.connect.TestConnector.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.embedded.component.ConnectRelease;
import io.marketstream.embedded.component.ConnectRestException;
import io.marketstream.local.run.Feed;
import io.marketstream.local.run.PluginArchives;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import io.marketstream.pipeline.TickContent;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two versions of one plugin on one worker, since Kafka 4.1 (KIP-891). */
@Tag("connect")
class PluginVersionsIT {

  /** The other version is the built plugin with this in its version.properties. */
  private static final String OLD = "0.0.7";

  private static final Pattern VERSION_METRIC =
      Pattern.compile(" (connector|task|value-converter)-version=(.+)$");

  @TempDir static Path home;
  private static TestStack stack;
  private static String built;

  private final CoinCapSimulator feed =
      CoinCapSimulator.builder().apiKeys("key-1", "key-2", "key-3").start();
  private final List<TestConnector> connectors = new ArrayList<>();

  @BeforeAll
  static void startWorker() throws IOException {
    assumeThat(TestStack.CONNECT_RELEASE)
        .as("connector.plugin.version exists since Kafka 4.1")
        .isEqualTo(ConnectRelease.NEWEST);
    Path zip = PluginArchives.find(TestStack.ROOT, Feed.COINCAP);
    Path old = Files.createDirectories(home.resolve("old-plugins"));
    PluginArchives.unpack(zip, old);
    built = changeVersions(old);
    stack =
        SharedCluster.stack(home)
            .worker("plugin.path", home.resolve("plugins") + "," + old)
            .start();
  }

  /** Writes {@link #OLD} into each jar of ours, and returns the version that they had. */
  private static String changeVersions(Path folder) throws IOException {
    Set<String> versions = new TreeSet<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
        try (FileSystem content = FileSystems.newFileSystem(jar);
            Stream<Path> entries = Files.walk(content.getPath("/"))) {
          for (Path entry : entries.filter(each -> each.endsWith("version.properties")).toList()) {
            if (entry.startsWith("/io/marketstream")) {
              versions.add(Files.readString(entry).strip().replace("version=", ""));
              Files.writeString(
                  entry, "version=" + OLD + "\n", StandardOpenOption.TRUNCATE_EXISTING);
            }
          }
        }
      }
    }
    assertThat(versions).hasSize(1);
    return versions.iterator().next();
  }

  @AfterAll
  static void stopWorker() {
    if (stack != null) {
      stack.close();
    }
  }

  @AfterEach
  void deleteConnectors() {
    connectors.forEach(TestConnector::close);
    feed.close();
  }

  private TestConnector connector(int number) {
    TestConnector connector =
        TestConnector.coincap(stack, feed, "bitcoin")
            .with("source.name", "coincap-" + number)
            .with("coincap.api.key", "key-" + number);
    connectors.add(connector);
    return connector;
  }

  private static TestConnector withVersion(TestConnector connector, String version) {
    return connector
        .with("connector.plugin.version", version)
        .with("value.converter.plugin.version", version);
  }

  @Test
  void eachConnectorRunsItsVersionAndBothWriteTicks() throws Exception {
    assertThat(versionsOnTheWorker()).containsExactlyInAnyOrder(OLD, built);
    TestConnector first = withVersion(connector(1), OLD).put().awaitRunning();
    TestConnector second = withVersion(connector(2), built).put().awaitRunning();
    TestConnector third = connector(3).put().awaitRunning();
    feed.awaitConnected(3, TIMEOUT);

    assertThat(reportedVersions(first)).containsOnly(OLD);
    assertThat(reportedVersions(second)).containsOnly(built);
    assertThat(reportedVersions(third)).as("without a setting, the newest").containsOnly(built);

    send("100000.1");
    for (TestConnector each : List.of(first, second, third)) {
      assertThat(each.awaitTicks(1))
          .extracting(tick -> TickContent.of(StoredTick.of(tick)).price().toPlainString())
          .containsExactly("100000.1");
    }

    // Moves the first connector to the other version: its numbers and gaps go on.
    long session = first.newestSession();
    first.awaitStored("bitcoin", session);
    withVersion(first, built).put();
    await("the new version").atMost(TIMEOUT).until(() -> runs(first, built));
    feed.awaitConnected(3, TIMEOUT);
    send("100000.2");
    assertThat(first.awaitClosed("TASK_RESTART", 1).get(0).sessionBefore()).isEqualTo(session);
    assertThat(second.gaps()).isEmpty();
    assertThat(reportedVersions(first)).containsOnly(built);
  }

  private void send(String price) {
    await()
        .atMost(TIMEOUT)
        .until(() -> feed.sendPrices(new LinkedHashMap<>(Map.of("bitcoin", price))) == 3);
  }

  @Test
  void versionThatIsNotInstalledIsRefused() {
    TestConnector connector = withVersion(connector(1), "9.9.9");

    assertThatThrownBy(connector::put)
        .isInstanceOf(ConnectRestException.class)
        .hasMessageContaining("9.9.9");
  }

  private static List<String> versionsOnTheWorker() {
    List<String> versions = new ArrayList<>();
    for (JsonNode plugin : stack.connect.rest().call("GET", "/connector-plugins", null)) {
      if (plugin.path("class").asText().contains("CoinCap")) {
        versions.add(plugin.path("version").asText());
      }
    }
    return versions;
  }

  private static boolean runs(TestConnector connector, String version) {
    JsonNode task = stack.connect.rest().status(connector.name).path("tasks").path(0);
    return task.path("state").asText().equals("RUNNING")
        && task.path("version").asText().equals(version);
  }

  /** Returns the versions in the status, and in the worker's metrics. */
  private static List<String> reportedVersions(TestConnector connector) {
    JsonNode status = stack.connect.rest().status(connector.name);
    List<String> versions = new ArrayList<>();
    versions.add(status.at("/connector/version").asText());
    versions.add(status.at("/tasks/0/version").asText());
    Map<String, String> metrics = new HashMap<>();
    for (String line : stack.metrics.everything()) {
      Matcher metric = VERSION_METRIC.matcher(line);
      if (line.contains("connector=" + connector.name) && metric.find()) {
        metrics.put(metric.group(1), metric.group(2));
      }
    }
    assertThat(metrics).containsOnlyKeys("connector", "task", "value-converter");
    versions.addAll(metrics.values());
    return versions;
  }
}
