package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.buffer.OverflowPolicy;
import io.marketstream.feed.harness.RawFeed;
import io.marketstream.feed.ledger.GapLedger;
import io.marketstream.feed.ledger.TickNumbering;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FeedProtocol;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.GapCause;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.RejectReason;
import io.marketstream.feed.record.TickKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FeedSessionTest {

  private static final String SECRET = "s3cret";

  /** Every frame {@code x} is a tick of A of price x; what matters is settable. */
  private static class ToyProtocol implements FeedProtocol {
    String url;
    List<String> subscribeFrames = List.of("subscribe A");

    @Override
    public String url() {
      return url;
    }

    @Override
    public String redact(String text) {
      return text.replace(SECRET, "***");
    }

    @Override
    public String credentialKey() {
      return "toy.token";
    }

    @Override
    public List<String> ledgerSymbols() {
      return List.of("A");
    }

    @Override
    public List<String> subscribeFrames() {
      return subscribeFrames;
    }

    @Override
    public List<FeedEvent> decode(String frame, long receivedAt) {
      return List.of(new FeedEvent.Tick(TickKind.PRICE, "A", frame, null, null, receivedAt));
    }
  }

  /** Always the longest wait that the backoff allows. */
  private static final class Longest extends Random {
    private static final long serialVersionUID = 1L;

    @Override
    public long nextLong(long bound) {
      return bound - 1;
    }
  }

  private final ToyProtocol protocol = new ToyProtocol();
  private final FeedBuffer buffer = new FeedBuffer(1_000, OverflowPolicy.BLOCK);
  private final List<BufferEntry> taken = new ArrayList<>();
  private Duration idleTimeout = Duration.ofSeconds(30);
  private Duration connectTimeout = Duration.ofSeconds(5);
  private Duration backoff = Duration.ofMillis(20);
  private Duration stableAfter = Duration.ofSeconds(30);
  private Duration subscribeInterval = Duration.ofMillis(10);
  private FeedSession session;

  private void open(RawFeed feed) {
    protocol.url = feed.url() + "?token=" + SECRET;
    openWith(protocol);
  }

  private void openWith(FeedProtocol other) {
    TickNumbering numbering = new TickNumbering(0);
    session =
        new FeedSession(
            "toy",
            "toy",
            other,
            new SessionSettings(
                connectTimeout,
                idleTimeout,
                Duration.ZERO,
                subscribeInterval,
                backoff,
                Duration.ofSeconds(2),
                stableAfter,
                Duration.ofMillis(10),
                1_024,
                Duration.ofSeconds(5),
                NetworkSettings.OF_THE_JVM),
            buffer,
            numbering,
            new GapLedger("toy", List.of("A"), numbering, List.of(), System.currentTimeMillis()),
            new FeedMetrics(System::nanoTime),
            Clock.systemUTC(),
            new Longest());
    session.open();
  }

  @AfterEach
  void close() {
    session.close();
  }

  private List<MarketTick> ticks() {
    return taken.stream()
        .filter(BufferEntry.Tick.class::isInstance)
        .map(entry -> ((BufferEntry.Tick) entry).tick())
        .toList();
  }

  private List<FeedGap> gaps() {
    return taken.stream()
        .filter(BufferEntry.Gap.class::isInstance)
        .map(entry -> ((BufferEntry.Gap) entry).gap())
        .toList();
  }

  private void drain() throws InterruptedException {
    taken.addAll(buffer.drain(1_000, Duration.ofMillis(20)).entries());
  }

  private void awaitTicks(int count) {
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(
            () -> {
              drain();
              return ticks().size() >= count;
            });
  }

  private void awaitGaps(int count) {
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(
            () -> {
              drain();
              return gaps().size() >= count;
            });
  }

  private Throwable awaitFailure() {
    return await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> catchThrowable(this::drain), thrown -> thrown != null);
  }

  @Test
  void silenceBelowTheIdleTimeoutCutsNothingHoweverShortTheConnectTimeout() throws Exception {
    connectTimeout = Duration.ofMillis(1_000);
    try (RawFeed feed =
        new RawFeed(
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
  void aStallIsNoticedAgainAndAgainAlsoAfterFrames() throws Exception {
    idleTimeout = Duration.ofMillis(250);
    try (RawFeed feed =
        new RawFeed(
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
  void aFrameThatCameBeforeTheLastSubscriptionDoesNotEndAGap() throws Exception {
    CountDownLatch subscribed = new CountDownLatch(1);
    ToyProtocol slow =
        new ToyProtocol() {
          @Override
          public List<FeedEvent> decode(String frame, long receivedAt) {
            if (frame.equals("2")) {
              try {
                subscribed.await(20, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }
            return super.decode(frame, receivedAt);
          }
        };
    slow.subscribeFrames = List.of("subscribe A", "subscribe B");
    try (RawFeed feed =
        new RawFeed(
            peer -> {
              peer.upgrade();
              peer.read();
              if (peer.number == 1) {
                peer.read();
                peer.text("1");
                return; // the connection breaks
              }
              peer.text("2");
              peer.read();
              subscribed.countDown();
              Thread.sleep(100);
              peer.text("3");
              peer.awaitEnd();
            })) {
      slow.url = feed.url();
      subscribeInterval = Duration.ofMillis(500);
      openWith(slow);
      awaitTicks(3);
      FeedGap closed = gaps().get(1);
      assertThat(closed.isOpen()).isFalse();
      assertThat(closed.gapEnd()).isEqualTo(ticks().get(2).receivedAt());
    }
  }

  @Test
  void onlyAConnectionThatDeliveredLongEnoughStartsTheBackoffOver() throws Exception {
    idleTimeout = Duration.ofMillis(200);
    stableAfter = Duration.ofMillis(100); // shorter than the silence that ends each connection
    backoff = Duration.ofMillis(50);
    try (RawFeed feed =
        new RawFeed(
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
  void connectionsDroppedAgainAndAgainSoonAfterOpeningHintAtAnotherClient() throws Exception {
    try (RawFeed feed =
        new RawFeed(
            peer -> {
              peer.upgrade();
              peer.read(); // subscribe
              Thread.sleep(250); // for the client's own note of it
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
  void aServerThatAsksForNoWaitStillGetsTheBackoff() throws Exception {
    backoff = Duration.ofMillis(100);
    try (RawFeed feed =
        new RawFeed(peer -> peer.answer("429 Too Many Requests", "Retry-After: 0"))) {
      open(feed);
      await().atMost(20, TimeUnit.SECONDS).until(() -> feed.attempts().size() >= 4);
      assertThat(Duration.ofNanos(feed.attempts().get(3) - feed.attempts().get(0)))
          .isGreaterThanOrEqualTo(Duration.ofMillis(690));
    }
  }

  @Test
  void anAbsurdRetryAfterIsAWaitAndNotTheEndOfTheSession() throws Exception {
    try (RawFeed feed =
        new RawFeed(
            peer -> peer.answer("429 Too Many Requests", "Retry-After: 9223372036854775807"))) {
      open(feed);
      awaitGaps(1);
      assertThat(gaps().get(0).cause()).isEqualTo(GapCause.RATE_LIMITED);
      drain(); // and no failure
    }
  }

  @Test
  void aRedirectIsNotFollowedWhereverItLeads() throws Exception {
    try (RawFeed elsewhere = new RawFeed(RawFeed.Peer::upgrade);
        RawFeed feed =
            new RawFeed(
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
  void compressionIsNeitherOfferedNorTaken() throws Exception {
    BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    try (RawFeed feed =
        new RawFeed(
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

  private static byte[] deflated(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out =
        new DeflaterOutputStream(bytes, new Deflater(Deflater.BEST_COMPRESSION, true))) {
      out.write(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }

  @Test
  void aFrameTooLongIsRejectedAndTheConnectionKept() throws Exception {
    try (RawFeed feed =
        new RawFeed(
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
  void aMessageWithoutEndIsCutWhateverItIsMadeOf() throws Exception {
    try (RawFeed feed =
        new RawFeed(
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
  void whatAServerSaysCannotSwellOrSplitTheLedger() throws Exception {
    try (RawFeed feed =
        new RawFeed(
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

  @Test
  void aDefectFailsTheTaskWithoutTheSecretInAnyOfItsCauses() throws Exception {
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

  @Test
  void theOldConnectionIsGoneBeforeTheNewOneOpens() throws Exception {
    idleTimeout = Duration.ofSeconds(1);
    CountDownLatch firstIsGone = new CountDownLatch(1);
    try (RawFeed feed =
        new RawFeed(
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
  void closingSaysGoodbye() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (RawFeed feed =
        new RawFeed(
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
  void closingTakesNoLongerThanASecondWhateverTheServerDoes() throws Exception {
    try (RawFeed feed =
        new RawFeed(
            peer -> {
              peer.upgrade();
              peer.text("1");
              Thread.sleep(30_000);
            })) {
      open(feed);
      awaitTicks(1);
      long start = System.nanoTime();
      session.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }
  }

  @Test
  void closingWhileTheHandshakeHangsReturnsAtOnceAndLeavesNoThread() throws Exception {
    try (RawFeed feed = new RawFeed(peer -> Thread.sleep(30_000))) {
      open(feed);
      await().until(() -> !feed.attempts().isEmpty());
      long start = System.nanoTime();
      session.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
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
