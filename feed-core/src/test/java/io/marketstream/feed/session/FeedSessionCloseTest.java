package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.feed.harness.ScriptedFeed;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a session closes. */
@Timeout(60)
class FeedSessionCloseTest extends FeedSessionHarness {

  @Test
  void closeSendsACloseFrame() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              peer.text("1");
              peer.read(); // subscribe
              heard.add(peer.read());
              peer.frame(0x88, new byte[] {0x03, (byte) 0xE8});
              peer.awaitEnd();
            })) {
      open(feed);
      awaitTicks(1);
      session.close();
      assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("close 1000");
    }
  }

  @Test
  void closeWaitsAtMostASecond() throws Exception {
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              peer.text("1");
              Thread.sleep(30_000);
            })) {
      open(feed);
      awaitTicks(1);
      long start = System.nanoTime();
      session.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void closeDuringHandshakeLeavesNoThread() throws Exception {
    try (ScriptedFeed feed = new ScriptedFeed(peer -> Thread.sleep(30_000))) {
      open(feed);
      await().until(() -> !feed.attempts().isEmpty());
      long start = System.nanoTime();
      session.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      await()
          .atMost(5, TimeUnit.SECONDS)
          .until(
              () ->
                  Thread.getAllStackTraces().keySet().stream()
                      .noneMatch(
                          thread ->
                              thread.getName().equals("feed-session-toy")
                                  || thread.getName().equals("feed-socket-toy")));
    }
  }
}
