package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.feed.harness.ScriptedFeed;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.model.GapCause;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a session treats silent connections. */
@Timeout(60)
class FeedSessionSilenceTest extends FeedSessionHarness {

  @Test
  void silenceBelowIdleTimeoutKeepsTheConnection() throws Exception {
    connectTimeout = Duration.ofSeconds(1);
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              peer.text("1");
              Thread.sleep(2_000);
              peer.text("2");
              peer.awaitEnd();
            })) {
      open(feed);
      awaitTicks(2);
      assertThat(ticks()).extracting(MarketTick::sequence).containsExactly(0L, 1L);
      assertThat(feed.attempts()).hasSize(1);
      assertThat(gaps()).isEmpty();
    }
  }

  @Test
  void everyStallIsDetected() throws Exception {
    idleTimeout = Duration.ofMillis(250);
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              for (int i = 0; i < 4; i++) {
                peer.text("1");
                Thread.sleep(100);
              }
              peer.awaitEnd();
            })) {
      open(feed);
      awaitGaps(5); // opened, closed, opened, closed, opened
      assertThat(gaps()).extracting(FeedGap::cause).containsOnly(GapCause.STALLED);
      assertThat(gaps().get(0).closed(gaps().get(1).gapEnd(), gaps().get(1).sessionAfter()))
          .isEqualTo(gaps().get(1));
    }
  }

  @Test
  void framesWithoutTicksDoNotEndTickSilence() throws Exception {
    tickSilence = Duration.ofMillis(1_500); // longer than a subscription takes
    CountDownLatch ticksAgain = new CountDownLatch(1);
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              if (peer.number == 1 || ticksAgain.getCount() == 0) {
                peer.text("1");
              }
              while (true) {
                peer.text("ping");
                Thread.sleep(50);
              }
            })) {
      open(feed);
      awaitTicks(1);
      MarketTick last = ticks().get(0);
      awaitGaps(1);
      assertThat(gaps())
          .containsExactly(
              FeedGap.open(
                  "toy",
                  "A",
                  GapCause.STALLED,
                  last.receivedAt(),
                  last.session(),
                  1,
                  "no tick for tick.silence.ms=1500"));
      await().atMost(20, TimeUnit.SECONDS).until(() -> feed.attempts().size() >= 3);
      assertThat(session.status().receivedUntil())
          .as("the start of the gap of a restart")
          .isPositive();
      drain();
      assertThat(gaps()).as("pings for longer than a subscription takes end no gap").hasSize(1);
      ticksAgain.countDown();
      awaitGaps(2);
      MarketTick first = ticks().get(1);
      assertThat(gaps().get(1))
          .isEqualTo(gaps().get(0).closed(first.receivedAt(), first.session()));
    }
  }

  @Test
  void framesKeepAQuietConnectionByDefault() throws Exception {
    idleTimeout = Duration.ofSeconds(2);
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              for (int i = 0; i < 60; i++) {
                peer.text("ping");
                Thread.sleep(50);
              }
              peer.text("1");
              peer.awaitEnd();
            })) {
      open(feed);
      awaitTicks(1);
      assertThat(feed.attempts()).hasSize(1);
    }
  }
}
