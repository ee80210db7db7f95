package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.embedded.component.Component;
import io.marketstream.embedded.component.FeedSimulator;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectorConfigsTest {
  @TempDir Path temporary;

  private final ConnectorConfigs configs =
      new ConnectorConfigs(Path.of(System.getProperty("marketstream.root"), "connect-configs"));

  @Test
  void aLiveFeedIsPostedAsTheFileStandsWithItsKeyByReference() {
    JsonNode config = configs.live(Feed.FINNHUB).path("config");

    assertThat(config.path("finnhub.token").asText()).isEqualTo("${env:FINNHUB_TOKEN}");
    assertThat(config.has("finnhub.websocket.url")).isFalse();
    assertThat(config.has("source.name")).isFalse();
  }

  @Test
  void aSimulatedFeedDiffersInUrlsKeyAndSourceNameAlone() {
    for (Feed feed : Feed.values()) {
      JsonNode live = configs.live(feed).path("config");
      JsonNode simulated = configs.simulated(feed, simulator()).path("config");

      assertThat(simulated.path("source.name").asText()).isEqualTo(feed.id() + "-sim");
      String key = feed.keyConfig().orElse("");
      assertThat(simulated.path(key).asText()).isEqualTo(key.isEmpty() ? "" : "any");
      assertThat(simulated.path(feed.urlConfig()).asText()).startsWith("ws://127.0.0.1:");
      live.properties().stream()
          .filter(entry -> !entry.getKey().equals(key))
          .forEach(entry -> assertThat(simulated.get(entry.getKey())).isEqualTo(entry.getValue()));
      boolean hasHistory = feed == Feed.COINBASE;
      assertThat(simulated.path("coinbase.rest.url").asText())
          .isEqualTo(hasHistory ? "http://127.0.0.1:3" : "");
      assertThat(simulated.size()).isEqualTo(live.size() + (hasHistory ? 3 : 2));
    }
  }

  @Test
  void aKeyInTheEnvironmentMakesItsFeedLive() {
    FeedPlan plan = FeedPlan.of(Map.of("FINNHUB_TOKEN", "x", "COINCAP_API_KEY", " "), false);

    assertThat(plan.live()).containsExactly(Feed.FINNHUB);
    assertThat(plan.simulated()).containsExactlyInAnyOrder(Feed.COINCAP, Feed.COINBASE);
    assertThat(plan.toDisplayString())
        .isEqualTo("Finnhub live · CoinCap SIMULATED · Coinbase SIMULATED");
  }

  @Test
  void onlyLiveFeedsAreThoseWithAKeyAndTheOneThatNeedsNone() {
    FeedPlan plan = FeedPlan.of(Map.of("COINCAP_API_KEY", "x"), true);
    assertThat(plan.live()).containsExactlyInAnyOrder(Feed.COINCAP, Feed.COINBASE);
    assertThat(plan.simulated()).isEmpty();
    assertThat(plan.active()).containsExactly(Feed.COINCAP, Feed.COINBASE);
    assertThat(plan.toDisplayString()).isEqualTo("CoinCap live · Coinbase live");
    assertThat(FeedPlan.of(Map.of(), true).active()).containsExactly(Feed.COINBASE);
    assertThat(FeedPlan.of(Map.of(), false).active()).containsExactly(Feed.values());
  }

  @Test
  void theReasonOfAFailedTaskIsItsInnermostCauseWithoutItsClass() {
    String trace =
        """
        org.apache.kafka.connect.errors.ConnectException: poll failed
        \tat a.B.c(B.java:1)
        Caused by: io.marketstream.Refused: finnhub.token: the feed refused the key
        \t... 12 more
        """;

    assertThat(ConnectorDeployment.reason(trace))
        .isEqualTo("finnhub.token: the feed refused the key");
    assertThat(
            ConnectorDeployment.reason(
                "a.b.ConnectException: no such host\n\tat a.B.c(B.java:1)\n"))
        .isEqualTo("no such host");
    assertThat(ConnectorDeployment.reason("")).isEqualTo("no reason given");
  }

  @Test
  void aRefusalNamesWhatTheWorkerFoundWrong() {
    String message =
        """
        Connector configuration is invalid and contains the following 1 error(s):
        coincap.assets: give ALL, or slugs
        You can also find the above list of errors at the endpoint `/connector-plugins/…`""";

    assertThat(ConnectorDeployment.refusal(message))
        .endsWith("the following 1 error(s): coincap.assets: give ALL, or slugs");
  }

  /** Returns the values that the code needs of a simulator, because starting one takes seconds. */
  private static FeedSimulator simulator() {
    Map<String, Object> answers =
        Map.of(
            "finnhubUrl", URI.create("ws://127.0.0.1:1"),
            "coincapUrl", URI.create("ws://127.0.0.1:2/prices"),
            "coinbaseUrl", URI.create("ws://127.0.0.1:3"),
            "key", "any");
    return (FeedSimulator)
        Proxy.newProxyInstance(
            Component.class.getClassLoader(),
            new Class<?>[] {FeedSimulator.class},
            (proxy, method, arguments) -> answers.get(method.getName()));
  }

  @Test
  void theWorkerGetsWhatALiveConnectorRefersTo() throws Exception {
    Path folder = Files.createDirectories(temporary.resolve("configs"));
    Files.writeString(
        folder.resolve("finnhub-source.json"),
        "{\"name\": \"a\", \"config\": {\"finnhub.token\": \"${env:FINNHUB_TOKEN}\", \"b\":"
            + " \"${env:PROXY_PASSWORD}\", \"c\": \"${file:/run/secret:key}\"}}");

    assertThat(new ConnectorConfigs(folder).environmentVariables(Feed.FINNHUB))
        .containsExactly("FINNHUB_TOKEN", "PROXY_PASSWORD");
  }
}
