package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.embedded.process.ComponentException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstTickWaitTest {
  private static final Instant BEGIN = Instant.parse("2026-11-29T20:10:00Z");

  @TempDir private Path folder;

  @Test
  void aRunFailsAfterThreeMinutesWithoutATick() {
    FirstTickWait wait = new FirstTickWait(BEGIN);

    assertThat(wait.isOver(BEGIN.plusSeconds(180))).isFalse();
    assertThat(wait.isOver(BEGIN.plusSeconds(181))).isTrue();
  }

  @Test
  void theWaitIsMentionedOnceAndNotAtOnce() {
    FirstTickWait wait = new FirstTickWait(BEGIN);

    assertThat(wait.notice(BEGIN.plus(Duration.ofSeconds(19)))).isEmpty();
    assertThat(wait.notice(BEGIN.plus(Duration.ofSeconds(20))).orElseThrow())
        .contains("no tick in Cassandra yet", "180 s", "./market-stream status");
    assertThat(wait.notice(BEGIN.plus(Duration.ofSeconds(21)))).isEmpty();
  }

  /** With only feeds that can be silent at night, the limit would be wrong. */
  @ParameterizedTest
  @CsvSource({"'', ''", "key, ''", "'', key", "key, key"})
  void everyPlanHasAFeedThatTradesAtAnyTime(String finnhub, String coincap) {
    Map<String, String> environment = Map.of("FINNHUB_TOKEN", finnhub, "COINCAP_API_KEY", coincap);

    assertThat(FeedPlan.of(environment, true).live()).contains(Feed.COINBASE);
    assertThat(FeedPlan.of(environment, false).simulated()).isNotEmpty();
  }

  @Test
  void theFailureQuotesTheWarningOfAConnector() throws Exception {
    Path log =
        Files.writeString(
            folder.resolve("connect.log"),
            "2026-11-29T20:10:19,363 WARN  [feed-socket] [coinbase-source|task-0] i.m.FeedSession:"
                + " coinbase-source: CONNECTION_LOST, SSLHandshakeException; reconnecting\n");

    ComponentException failure =
        FirstTickWait.nothingReceived(FeedPlan.of(Map.of(), true), log, BEGIN);

    assertThat(failure)
        .hasMessage(
            "no tick came in 180 s (Coinbase live), and a connector warns: coinbase-source:"
                + " CONNECTION_LOST, SSLHandshakeException; reconnecting");
    assertThat(failure.log()).contains(log);
  }

  @Test
  void theFailureNamesTheLogIfNoConnectorWarns() {
    Path log = folder.resolve("connect.log");

    ComponentException failure =
        FirstTickWait.nothingReceived(FeedPlan.of(Map.of(), true), log, BEGIN);

    assertThat(failure).hasMessageEndingWith("and no connector has logged a warning");
    assertThat(failure.log()).contains(log);
  }
}
