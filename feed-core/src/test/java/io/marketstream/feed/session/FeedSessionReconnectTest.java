package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.feed.harness.ScriptedFeed;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.model.GapCause;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When and how a session reconnects. */
@Timeout(60)
class FeedSessionReconnectTest extends FeedSessionHarness {

  @Test
  void onlyAStableConnectionResetsTheBackoff() throws Exception {
    idleTimeout = Duration.ofMillis(200);
    stableAfter = Duration.ofMillis(100); // shorter than the silence that ends each connection
    backoff = Duration.ofMillis(50);
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              peer.awaitEnd();
            })) {
      open(feed);
      await().atMost(20, TimeUnit.SECONDS).until(() -> feed.attempts().size() >= 5);
      List<Long> attempts = feed.attempts();
      // 200 ms of silence, then 50, 100, 200, 400 ms of backoff.
      assertThat(Duration.ofNanos(attempts.get(4) - attempts.get(3)))
          .isGreaterThan(Duration.ofMillis(550));
    }
  }

  @Test
  void shortConnectionsHintAtAnotherClient() throws Exception {
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              peer.read(); // subscribe
              Thread.sleep(250); // so that the client notices it
              peer.text("1");
            })) {
      open(feed);
      awaitGaps(9); // opened and closed, four times, and opened
      List<FeedGap> opened = gaps().stream().filter(FeedGap::isOpen).toList();
      assertThat(opened.subList(0, 2))
          .allSatisfy(gap -> assertThat(gap.detail()).doesNotContain("another client"));
      assertThat(opened.subList(2, 5))
          .allSatisfy(
              gap ->
                  assertThat(gap.detail())
                      .endsWith("; another client may be using the same toy.token"));
      for (FeedGap closed : gaps().stream().filter(gap -> !gap.isOpen()).toList()) {
        assertThat(opened)
            .anyMatch(open -> closed.equals(open.closed(closed.gapEnd(), closed.sessionAfter())));
      }
    }
  }

  @Test
  void zeroRetryAfterStillGetsTheBackoff() throws Exception {
    backoff = Duration.ofMillis(100);
    try (ScriptedFeed feed =
        new ScriptedFeed(peer -> peer.answer("429 Too Many Requests", "Retry-After: 0"))) {
      open(feed);
      await().atMost(20, TimeUnit.SECONDS).until(() -> feed.attempts().size() >= 4);
      assertThat(Duration.ofNanos(feed.attempts().get(3) - feed.attempts().get(0)))
          .isGreaterThanOrEqualTo(Duration.ofMillis(690));
    }
  }

  @Test
  void absurdRetryAfterDoesNotEndTheSession() throws Exception {
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> peer.answer("429 Too Many Requests", "Retry-After: 9223372036854775807"))) {
      open(feed);
      awaitGaps(1);
      assertThat(gaps().get(0).cause()).isEqualTo(GapCause.RATE_LIMITED);
      drain(); // and no failure
    }
  }

  @Test
  void oldConnectionEndsBeforeTheNextOpens() throws Exception {
    idleTimeout = Duration.ofSeconds(1);
    CountDownLatch firstIsGone = new CountDownLatch(1);
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              if (peer.number == 1) {
                peer.upgrade();
                peer.awaitEnd();
                firstIsGone.countDown();
              } else if (firstIsGone.await(3, TimeUnit.SECONDS)) {
                peer.upgrade();
                peer.text("after");
                peer.awaitEnd();
              }
            })) {
      open(feed);
      awaitTicks(1);
      assertThat(feed.attempts()).hasSize(2);
      assertThat(ticks().get(0).price()).isEqualTo("after");
    }
  }

  @Test
  void endedConnectionsHaveNoScheduledTasks() throws Exception {
    idleTimeout = Duration.ofDays(1);
    refusedRetry = Duration.ofHours(1);
    stableAfter = Duration.ZERO; // no backoff that grows
    backoff = Duration.ofMillis(2);
    protocol.symbols = List.of("A", "B");
    int ended = 40;
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              peer.read();
              peer.read();
              peer.text("refused A");
              peer.text("ping");
              if (peer.number > ended) {
                peer.awaitEnd();
              }
            })) {
      open(feed);
      await().atMost(30, TimeUnit.SECONDS).until(() -> feed.attempts().size() > ended);
      assertThat(session.scheduledTasks())
          .as(
              "of the session: the feed's delay, its sign of life, an attempt; of the connection:"
                  + " the watch, a subscription, a refused symbol")
          .isLessThanOrEqualTo(6);
    }
  }
}
