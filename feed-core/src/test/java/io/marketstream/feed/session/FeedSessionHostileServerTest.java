package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.harness.ScriptedFeed;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.model.GapCause;
import io.marketstream.model.RejectReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a session treats servers that misbehave. */
@Timeout(60)
class FeedSessionHostileServerTest extends FeedSessionHarness {

  @Test
  void redirectIsNotFollowed() throws Exception {
    try (ScriptedFeed elsewhere = new ScriptedFeed(ScriptedFeed.Peer::upgrade);
        ScriptedFeed feed =
            new ScriptedFeed(
                peer ->
                    peer.answer(
                        "302 Found", "Location: http://127.0.0.1:" + elsewhere.port() + "/"))) {
      open(feed);
      awaitGaps(1);
      assertThat(gaps().get(0).detail()).contains("HTTP 302");
      assertThat(elsewhere.attempts()).isEmpty();
    }
  }

  @Test
  void compressionIsNeitherOfferedNorAccepted() throws Exception {
    BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              requests.add(peer.request());
              peer.upgrade("Sec-WebSocket-Extensions: permessage-deflate");
              if (peer.number == 1) {
                peer.frame(0xC1, deflated("9".repeat(100_000))); // RSV1: compressed
              }
              peer.text("1");
              peer.awaitEnd();
            })) {
      open(feed);
      awaitTicks(1);
      assertThat(requests.take()).doesNotContainIgnoringCase("permessage-deflate");
      assertThat(ticks()).extracting(MarketTick::price).containsExactly("1");
      assertThat(gaps()).extracting(FeedGap::cause).containsOnly(GapCause.CONNECTION_LOST);
    }
  }

  @Test
  void largeFrameIsRejectedAndConnectionKept() throws Exception {
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              peer.text("9".repeat(1_025));
              peer.text("1");
              peer.awaitEnd();
            })) {
      open(feed);
      awaitTicks(1);
      assertThat(taken)
          .filteredOn(BufferEntry.Reject.class::isInstance)
          .extracting(entry -> ((BufferEntry.Reject) entry).rejected().reason())
          .containsExactly(RejectReason.FRAME_TOO_LARGE);
      assertThat(gaps()).isEmpty();
    }
  }

  @Test
  void endlessMessageEndsTheConnection() throws Exception {
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              peer.text("1");
              while (true) { // one message of endless fragments
                peer.frame(0x01, new byte[1_000]);
                for (int i = 0; i < 100; i++) {
                  peer.frame(0x00, new byte[1_000]);
                }
              }
            })) {
      open(feed);
      awaitGaps(1);
      assertThat(gaps().get(0).cause()).isEqualTo(GapCause.CONNECTION_LOST);
      assertThat(gaps().get(0).detail()).contains("a message exceeds 16384 bytes");
    }
  }

  @Test
  void hostileResponseIsBoundedInTheGap() throws Exception {
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.request();
              peer.write("NONSENSE " + SECRET + "\u0007 " + "x".repeat(50_000) + "\r\n\r\n");
            })) {
      open(feed);
      awaitGaps(1);
      assertThat(gaps().get(0).detail())
          .hasSizeLessThan(400)
          .doesNotContain(SECRET)
          .doesNotContain("\u0007");
    }
  }

  private static byte[] deflated(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out =
        new DeflaterOutputStream(bytes, new Deflater(Deflater.BEST_COMPRESSION, true))) {
      out.write(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }
}
