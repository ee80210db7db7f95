package io.marketstream.pipeline.connect;

import static io.marketstream.pipeline.connect.TestConnector.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.embedded.component.ConnectRelease;
import io.marketstream.pipeline.TestStack;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.market.SimTrade;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The metrics of a task in JMX. They are the same with Kafka's plugin metrics and with our own
 * MBeans.
 */
@Tag("connect")
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(SharedCluster.class)
class MetricsIT {

  private static final Pattern DOCUMENTED =
      Pattern.compile("^\\| `([a-z0-9-]+)` \\| ", Pattern.MULTILINE);

  private final TestStack stack;

  MetricsIT(TestStack stack) {
    this.stack = stack;
  }

  @Test
  void everyDocumentedMetricIsPublished() throws Exception {
    try (FinnhubSimulator feed = FinnhubSimulator.builder().start();
        TestConnector connector = TestConnector.finnhub(stack, feed, "AAPL").put()) {
      feed.awaitSubscribed(List.of("AAPL"), TIMEOUT);
      connector.awaitRunning();

      assertThat(stack.metrics.of(connector.name).keySet()).isEqualTo(documented());
      String domain =
          TestStack.CONNECT_RELEASE == ConnectRelease.NEWEST
              ? "kafka.connect:"
              : "io.marketstream:type=feed-task-metrics,";
      assertThat(stack.metrics.places(connector.name))
          .isNotEmpty()
          .allMatch(place -> place.startsWith(domain));
    }
  }

  private static Set<String> documented() throws IOException {
    String page = Files.readString(TestStack.ROOT.resolve("docs/connectors/finnhub.md"));
    String table =
        page.substring(page.indexOf("<!-- metrics"), page.indexOf("<!-- end of metrics"));
    return DOCUMENTED
        .matcher(table)
        .results()
        .map((MatchResult row) -> row.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void twoConnectorsOfOneSourceHaveSeparateMetrics() throws Exception {
    try (FinnhubSimulator feed = FinnhubSimulator.builder().tokens("one", "two").start();
        TestConnector first =
            TestConnector.finnhub(stack, feed, "AAPL").with("finnhub.token", "one").put();
        TestConnector second =
            TestConnector.finnhub(stack, feed, "AAPL", "MSFT").with("finnhub.token", "two").put()) {
      feed.awaitConnected(2, TIMEOUT);
      feed.awaitSubscribed(List.of("AAPL", "MSFT"), TIMEOUT);
      first.awaitRunning();
      second.awaitRunning();
      await()
          .atMost(TIMEOUT)
          .until(
              () -> feed.send(List.of(SimTrade.of("AAPL", "1.5", "2", 1_700_000_000_000L))) == 2);
      first.awaitTicks(1);
      second.awaitTicks(1);

      assertThat(first.metric("subscriptions-wanted")).isEqualTo(1);
      assertThat(second.metric("subscriptions-wanted")).isEqualTo(2);
      second.delete();
      await().atMost(TIMEOUT).until(() -> stack.metrics.of(second.name).isEmpty());
      assertThat(first.metric("ticks-total")).isEqualTo(1);
      assertThat(first.metric("ms-since-last-tick")).isNotNegative();
    }
  }

  @Test
  void aRestartedTaskCountsFromZeroUnderTheSameName() throws Exception {
    try (FinnhubSimulator feed = FinnhubSimulator.builder().start();
        TestConnector connector = TestConnector.finnhub(stack, feed, "AAPL").put()) {
      feed.awaitSubscribed(List.of("AAPL"), TIMEOUT);
      feed.send(List.of(SimTrade.of("AAPL", "1.5", "2", 1_700_000_000_000L)));
      connector.awaitMetric("ticks-total", 1);

      connector.restartTask();

      await().atMost(TIMEOUT).until(() -> feed.connectionCount() == 2);
      connector.awaitMetric("ticks-total", 0);
      connector.awaitMetric("connected", 1);
    }
  }
}
