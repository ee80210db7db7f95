package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
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
import io.marketstream.feed.protocol.Subscription;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.model.GapCause;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.AbstractList;
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

  /**
   * Every frame {@code x} is a tick of price x of {@code tickSymbol}, but for those named below;
   * what matters is settable.
   */
  private static class ToyProtocol implements FeedProtocol {
    String url;
    List<String> symbols = List.of("A");
    String tickSymbol = "A";
    long delay; // ms
    volatile Throwable defect;

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
      return symbols;
    }

    @Override
    public List<Subscription> subscriptions(List<String> wanted) {
      return wanted.stream()
          .map(symbol -> new Subscription(List.of(symbol), "subscribe " + symbol))
          .toList();
    }

    @Override
    public List<FeedEvent> decode(String frame, long receivedAt) {
      if (frame.startsWith("refused")) {
        String symbol = frame.length() > 8 ? frame.substring(8) : null;
        return List.of(new FeedEvent.Refused(symbol, frame, frame));
      }
      return switch (frame) {
        case "ping" -> List.of(new FeedEvent.Heartbeat());
        case "tick of A" -> List.of(tick("A", frame, receivedAt));
        case "defect" -> throwing();
        case "defect after two ticks" -> new Defective(tick("A", frame, receivedAt));
        default ->
            List.of(
                new FeedEvent.Tick(
                    TickKind.PRICE, tickSymbol, frame, null, null, receivedAt - delay));
      };
    }

    private static FeedEvent.Tick tick(String symbol, String price, long receivedAt) {
      return new FeedEvent.Tick(TickKind.PRICE, symbol, price, null, null, receivedAt);
    }

    private List<FeedEvent> throwing() {
      if (defect instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) defect;
    }

    /** Two ticks, and an Error in place of the third. */
    private final class Defective extends AbstractList<FeedEvent> {
      private final FeedEvent tick;

      Defective(FeedEvent tick) {
        this.tick = tick;
      }

      @Override
      public FeedEvent get(int index) {
        return index < 2 ? tick : throwing().get(0);
      }

      @Override
      public int size() {
        return 3;
      }
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
  private final FeedMetrics metrics = new FeedMetrics(System::nanoTime);
  private final FeedBuffer buffer = new FeedBuffer(1_000, OverflowPolicy.BLOCK, Duration.ZERO);
  private final List<BufferEntry> taken = new ArrayList<>();
  private Duration idleTimeout = Duration.ofSeconds(30);
  private Duration tickSilence = Duration.ZERO;
  private Duration connectTimeout = Duration.ofSeconds(5);
  private Duration backoff = Duration.ofMillis(20);
  private Duration stableAfter = Duration.ofSeconds(30);
  private Duration subscribeInterval = Duration.ofMillis(10);
  private Duration refusedRetry = Duration.ofMinutes(1);
  private Duration delayWindow = Duration.ofMinutes(1);
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
                tickSilence,
                Duration.ZERO,
                subscribeInterval,
                refusedRetry,
                backoff,
                Duration.ofSeconds(2),
                stableAfter,
                Duration.ofMillis(10),
                Duration.ofSeconds(38),
                Duration.ofSeconds(25),
                delayWindow,
                Duration.ofMinutes(1),
                1_024,
                Duration.ofSeconds(5),
                NetworkSettings.OF_THE_JVM),
            buffer,
            numbering,
            new GapLedger(
                "toy", other.ledgerSymbols(), numbering, List.of(), System.currentTimeMillis()),
            metrics,
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
  void framesWithoutTicksAreNoSignOfLifeWhileTickSilenceIsLimited() throws Exception {
    tickSilence = Duration.ofMillis(1_500); // longer than a subscription takes
    CountDownLatch ticksAgain = new CountDownLatch(1);
    try (RawFeed feed =
        new RawFeed(
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
      assertThat(session.status().heardUntil()).as("what a restart begins at").isPositive();
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
  void framesKeepAConnectionWithoutTicksUnlessTickSilenceIsLimited() throws Exception {
    idleTimeout = Duration.ofMillis(700);
    try (RawFeed feed =
        new RawFeed(
            peer -> {
              peer.upgrade();
              for (int i = 0; i < 40; i++) {
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

  @Test
  void aFrameEndsAGapOnlyOnceTheSubscriptionHadTimeToTakeEffect() throws Exception {
    try (RawFeed feed =
        new RawFeed(
            peer -> {
              peer.upgrade();
              peer.read(); // subscribe A
              if (peer.number == 1) {
                peer.text("1");
                return; // the connection breaks
              }
              while (true) {
                peer.text("ping");
                Thread.sleep(20);
              }
            })) {
      open(feed);
      awaitGaps(2);
      FeedGap closed = gaps().get(1);
      assertThat(closed.gapEnd()).isGreaterThanOrEqualTo(closed.sessionAfter() + 1_000);
    }
  }

  @Test
  void aTickEndsTheGapOfItsSymbolAtOnceAndNoOther() throws Exception {
    protocol.symbols = List.of("A", "B");
    try (RawFeed feed =
        new RawFeed(
            peer -> {
              peer.upgrade();
              peer.read();
              peer.read();
              peer.text("1");
              if (peer.number == 2) {
                peer.awaitEnd();
              }
            })) {
      open(feed);
      awaitGaps(3);
      assertThat(gaps()).extracting(FeedGap::symbol).containsExactly("A", "B", "A");
      assertThat(gaps().get(2).gapEnd()).isEqualTo(ticks().get(1).receivedAt());
    }
  }

  @Test
  void aRefusedSymbolIsAGapUntilItsFirstTickAndIsAskedForAgain() throws Exception {
    protocol.symbols = List.of("A", "B");
    refusedRetry = Duration.ofMillis(300);
    BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    try (RawFeed feed =
        new RawFeed(
            peer -> {
              peer.upgrade();
              peer.text("1"); // of B
              for (int i = 0; i < 5; i++) {
                String frame = peer.read();
                asked.add(frame);
                if (frame.equals("subscribe A") && i < 4) {
                  peer.text("refused A");
                }
              }
              Thread.sleep(1_100); // long enough for any other symbol
              peer.text("ping");
              peer.text("2");
              peer.text("tick of A");
              peer.awaitEnd();
            })) {
      protocol.tickSymbol = "B";
      open(feed);
      awaitGaps(2);
      assertThat(asked)
          .containsExactly(
              "subscribe A", "subscribe B", "subscribe A", "subscribe A", "subscribe A");
      FeedGap open = gaps().get(0);
      long session = ticks().get(0).session();
      // Told from two clocks, of which the earlier counts: they may be a millisecond apart.
      assertThat(open.gapStart()).isBetween(session - 1_000, session);
      assertThat(open)
          .isEqualTo(
              FeedGap.open(
                  "toy",
                  "A",
                  GapCause.SUBSCRIPTION_REFUSED,
                  open.gapStart(),
                  session,
                  0,
                  "refused A"));
      MarketTick first =
          ticks().stream().filter(tick -> tick.symbol().equals("A")).findFirst().orElseThrow();
      assertThat(gaps().get(1)).isEqualTo(open.closed(first.receivedAt(), first.session()));
      assertThat(feed.attempts()).hasSize(1);
    }
  }

  @Test
  void aRefusalAtAReconnectKeepsTheGapOfTheOutageOpen() throws Exception {
    protocol.symbols = List.of("A", "B");
    protocol.tickSymbol = "B";
    try (RawFeed feed =
        new RawFeed(
            peer -> {
              peer.upgrade();
              peer.read();
              peer.read();
              if (peer.number == 1) {
                peer.text("1");
                return;
              }
              peer.text("refused A");
              Thread.sleep(1_100);
              for (int i = 0; i < 50; i++) {
                peer.text("2");
                Thread.sleep(10);
              }
              peer.text("tick of A");
              peer.awaitEnd();
            })) {
      open(feed);
      awaitGaps(4);
      assertThat(gaps())
          .extracting(FeedGap::symbol, FeedGap::cause, FeedGap::isOpen)
          .containsExactly(
              tuple("A", GapCause.CONNECTION_LOST, true),
              tuple("B", GapCause.CONNECTION_LOST, true),
              tuple("B", GapCause.CONNECTION_LOST, false),
              tuple("A", GapCause.CONNECTION_LOST, false));
      MarketTick first =
          ticks().stream().filter(tick -> tick.symbol().equals("A")).findFirst().orElseThrow();
      assertThat(gaps().get(3).gapEnd()).isEqualTo(first.receivedAt());
    }
  }

  @Test
  void refusalsThatNameNoSymbolAreTheLastThatHaveNotTicked() throws Exception {
    protocol.symbols = List.of("A", "B", "C", "D");
    protocol.tickSymbol = "C";
    try (RawFeed feed =
        new RawFeed(
            peer -> {
              peer.upgrade();
              for (int i = 0; i < 4; i++) {
                peer.read();
              }
              peer.text("1");
              peer.text("refused");
              peer.text("refused");
              peer.awaitEnd();
            })) {
      open(feed);
      awaitGaps(2);
      assertThat(gaps()).extracting(FeedGap::symbol).containsExactly("D", "B");
      assertThat(gaps())
          .allSatisfy(gap -> assertThat(gap.detail()).startsWith("refused").contains("inferred"));
    }
  }

  @Test
  void aSymbolThatTicksWasNotTheOneThatARefusalMeant() throws Exception {
    protocol.symbols = List.of("A", "B");
    protocol.tickSymbol = "B";
    try (RawFeed feed =
        new RawFeed(
            peer -> {
              peer.upgrade();
              peer.read();
              peer.read();
              peer.text("refused");
              peer.text("1");
              peer.awaitEnd();
            })) {
      open(feed);
      awaitGaps(3);
      assertThat(gaps())
          .extracting(FeedGap::symbol, FeedGap::isOpen)
          .containsExactly(tuple("B", true), tuple("B", false), tuple("A", true));
    }
  }

  @Test
  void framesThatEqualTheOneBeforeAreCounted() throws Exception {
    try (RawFeed feed =
        new RawFeed(
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

  private long metric(String name) {
    return metrics.all(() -> 0, () -> 0, 0, () -> 0, 0).stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value()
        .getAsLong();
  }

  @Test
  void theDelayOfEachWindowIsAMetricAndThatSinceTheLastStatusIsInTheStatus() throws Exception {
    protocol.delay = 90_000;
    delayWindow = Duration.ofMillis(100);
    CountDownLatch seen = new CountDownLatch(1);
    try (RawFeed feed =
        new RawFeed(
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
  void theQuietestSymbolIsTheOneThatHasBeenSilentForLongestAndIsNotRefused() throws Exception {
    protocol.symbols = List.of("A", "B", "C");
    protocol.tickSymbol = "B";
    CountDownLatch measured = new CountDownLatch(1);
    try (RawFeed feed =
        new RawFeed(
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
      awaitTicks(2); // A is not the quietest any more, and C does not count
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
    try (RawFeed feed =
        new RawFeed(
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

  @Test
  void nothingScheduledKeepsAConnectionThatHasEnded() throws Exception {
    idleTimeout = Duration.ofDays(1);
    refusedRetry = Duration.ofHours(1);
    stableAfter = Duration.ZERO; // no backoff that grows
    backoff = Duration.ofMillis(2);
    protocol.symbols = List.of("A", "B");
    int ended = 40;
    try (RawFeed feed =
        new RawFeed(
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

  @Test
  void anErrorOnTheSocketThreadFailsTheTaskAtOnceAfterTheGap() throws Exception {
    failsAtOnce(new OutOfMemoryError("test"));
  }

  @Test
  void aDefectOfADecoderFailsTheTaskAndIsNoLostConnection() throws Exception {
    failsAtOnce(new IllegalStateException("test"));
  }

  private void failsAtOnce(Throwable defect) throws Exception {
    protocol.defect = defect;
    try (RawFeed feed =
        new RawFeed(
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
      assertThat(ticks()).hasSize(2);
      // Of the monotonic clock, so that it is a few milliseconds away on a busy machine.
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

  @Test
  void numbersOfAFrameThatNeverReachedTheBufferAreMissingAndItsRecoveryIsUntold() throws Exception {
    protocol.defect = new StackOverflowError("test");
    try (RawFeed feed =
        new RawFeed(
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
      assertThat(gaps().get(2).firstMissing()).as("one tick, and two that never were").isEqualTo(1);
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
