package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.feed.harness.ScriptedFeed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a session reports as metrics and in its status. */
@Timeout(60)
class FeedSessionStatusTest extends FeedSessionHarness {

  @Test
  void repeatedFramesAreCounted() throws Exception {
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              for (String frame : List.of("1", "1", "ping", "ping", "1", "2", "1")) {
                peer.text(frame);
              }
              peer.awaitEnd();
            })) {
      open(feed);
      awaitTicks(5);
      assertThat(
              metrics.all(() -> 0, () -> 0, 0, () -> 0, 0).stream()
                  .filter(metric -> metric.name().equals("repeated-frames-total"))
                  .map(metric -> metric.value().getAsLong()))
          .containsExactly(2L);
    }
  }

  @Test
  void delayIsInMetricsAndStatus() throws Exception {
    protocol.delay = 90_000;
    delayWindow = Duration.ofMillis(100);
    CountDownLatch seen = new CountDownLatch(1);
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              while (seen.getCount() > 0) {
                peer.text("1");
                Thread.sleep(10);
              }
              peer.awaitEnd();
            })) {
      open(feed);
      for (String name : List.of("feed-delay-ms-p50", "feed-delay-ms-p99", "feed-delay-ms-max")) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> metric(name) == 90_000);
      }
      assertThat(session.status().delayMs()).isEqualTo(90_000);
      seen.countDown();
      await()
          .atMost(20, TimeUnit.SECONDS)
          .until(() -> metric("feed-delay-ms-p50") == 0 && metric("feed-delay-ms-max") == 0);
    }
  }

  @Test
  void quietestSymbolIgnoresRefusedOnes() throws Exception {
    protocol.symbols = List.of("A", "B", "C");
    protocol.tickSymbol = "B";
    CountDownLatch measured = new CountDownLatch(1);
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              for (int i = 0; i < 3; i++) {
                peer.read();
              }
              peer.text("refused C");
              Thread.sleep(300);
              peer.text("1"); // of B
              measured.await();
              peer.text("tick of A");
              peer.awaitEnd();
            })) {
      open(feed);
      awaitTicks(1);
      assertThat(session.quietestSymbolMs()).as("A, since the opening").isGreaterThanOrEqualTo(300);
      measured.countDown();
      awaitTicks(2); // A is no longer the quietest, and C does not count
      long tickOfB = ticks().get(0).receivedAt();
      long atLeast = System.currentTimeMillis() - tickOfB - 100;
      long quietest = session.quietestSymbolMs();
      long atMost = System.currentTimeMillis() - tickOfB + 100;
      assertThat(quietest).as("B").isBetween(atLeast, atMost);
    }
  }

  @Test
  void allHasNoQuietestSymbol() throws Exception {
    protocol.symbols = List.of("*");
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              Thread.sleep(50);
              peer.text("1");
              peer.awaitEnd();
            })) {
      open(feed);
      awaitTicks(1);
      assertThat(session.quietestSymbolMs()).isZero();
    }
  }

  private long metric(String name) {
    return metrics.all(() -> 0, () -> 0, 0, () -> 0, 0).stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value()
        .getAsLong();
  }
}
