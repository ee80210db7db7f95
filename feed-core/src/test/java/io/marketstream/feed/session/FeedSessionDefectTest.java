package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.marketstream.feed.harness.ScriptedFeed;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.model.GapCause;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a session ends after a defect. */
@Timeout(60)
class FeedSessionDefectTest extends FeedSessionHarness {

  @Test
  void errorOnSocketThreadFailsTheTask() throws Exception {
    failsAtOnce(new OutOfMemoryError("test"));
  }

  @Test
  void decoderDefectFailsTheTask() throws Exception {
    failsAtOnce(new IllegalStateException("test"));
  }

  @Test
  void numbersOfAnUnbufferedFrameAreMissing() throws Exception {
    protocol.defect = new StackOverflowError("test");
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              peer.text("1");
              if (peer.number == 2) {
                Thread.sleep(100);
                peer.text("defect after two ticks");
                peer.awaitEnd();
              }
            })) {
      protocol.defect = null;
      open(feed);
      awaitGaps(2); // the first connection's, open and closed
      protocol.defect = new StackOverflowError("test");
      awaitFailure();
      assertThat(gaps().get(2).isOpen()).isTrue();
      assertThat(gaps().get(2).sessionBefore()).isEqualTo(gaps().get(1).sessionAfter());
      assertThat(gaps().get(2).firstMissing())
          .as("one tick, and two numbers without a tick")
          .isEqualTo(1);
    }
  }

  @Test
  void defectDoesNotRevealTheSecret() throws Exception {
    ToyProtocol broken =
        new ToyProtocol() {
          private int calls;

          @Override
          public String url() {
            if (calls++ == 0) {
              return "ws://127.0.0.1:1/"; // for the warning
            }
            throw new IllegalArgumentException("cannot use wss://feed?token=" + SECRET);
          }
        };
    openWith(broken);
    Throwable failure = awaitFailure();
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).contains("the session failed", "***").doesNotContain(SECRET);
  }

  private void failsAtOnce(Throwable defect) throws Exception {
    protocol.defect = defect;
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              peer.text("1");
              peer.text("2");
              peer.text("defect");
              peer.awaitEnd();
            })) {
      open(feed);
      Throwable failure = awaitFailure();
      assertThat(failure).hasMessageContaining("the session failed: " + defect);
      assertThat(failure.getStackTrace()).isEqualTo(defect.getStackTrace());
      assertThat(session.status().connected()).isFalse();
      assertThat(ticks()).hasSize(2);
      // The monotonic clock measures it, so it may differ by a few milliseconds on a busy machine.
      long gapStart = gaps().get(0).gapStart();
      assertThat(gapStart).isCloseTo(ticks().get(1).receivedAt(), within(1_000L));
      assertThat(gaps())
          .containsExactly(
              FeedGap.open(
                  "toy",
                  "A",
                  GapCause.CONNECTION_LOST,
                  gapStart,
                  ticks().get(1).session(),
                  2,
                  "the session failed: " + defect));
      assertThat(feed.attempts()).hasSize(1);
    }
  }
}
