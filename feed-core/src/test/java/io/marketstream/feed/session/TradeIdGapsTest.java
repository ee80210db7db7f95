package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.harness.ScriptedFeed;
import io.marketstream.feed.ledger.Subscriptions;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.model.GapCause;
import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import io.marketstream.model.TradeSide;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a session makes of trade ids. Frames: {@code trade 5}, {@code newest 7}, {@code only B}. */
@Timeout(60)
class TradeIdGapsTest extends FeedSessionHarness {

  private static final long START = 1_790_732_078_000L;

  private static final class NumberedProtocol extends ToyProtocol {
    private final AtomicLong seconds = new AtomicLong();

    @Override
    public String credentialKey() {
      return null;
    }

    @Override
    public boolean answersSubscriptions() {
      return true;
    }

    @Override
    public List<FeedEvent> decode(String frame, long receivedAt) {
      String[] words = frame.split(" ", -1);
      return switch (words[0]) {
        // A late trade is a second later than the ids say.
        case "trade", "late" ->
            List.of(
                new FeedEvent.Tick(
                    TickKind.TRADE,
                    "A",
                    "1.5",
                    "2",
                    null,
                    START
                        + Long.parseLong(words[1])
                        + (words[0].equals("late") ? seconds.incrementAndGet() * 10_000 : 0),
                    new FeedEvent.VenueTrade(Long.parseLong(words[1]), TradeSide.SELL)));
        case "newest" -> List.of(new FeedEvent.NewestTrade("A", Long.parseLong(words[1])));
        case "twice" ->
            List.of(
                new FeedEvent.NewestTrade("A", Long.parseLong(words[1])),
                new FeedEvent.NewestTrade("A", Long.parseLong(words[1])));
        case "only" -> List.of(new FeedEvent.Subscribed(Set.of(words[1].split("\\+", -1))));
        default -> List.of(new FeedEvent.Heartbeat());
      };
    }
  }

  private final CompletableFuture<String> repeated = new CompletableFuture<>();

  private interface Script {
    void play(ScriptedFeed.Peer peer) throws IOException, InterruptedException;
  }

  /** Plays one script per connection. Each but the last ends with the loss of the connection. */
  private ScriptedFeed feed(Script... scripts) throws IOException {
    return new ScriptedFeed(
        peer -> {
          peer.upgrade();
          peer.read(); // subscribe A
          scripts[Math.min(peer.number, scripts.length) - 1].play(peer);
          if (peer.number >= scripts.length) {
            peer.awaitEnd();
          }
        });
  }

  private void openNumbered(ScriptedFeed feed) {
    NumberedProtocol numbered = new NumberedProtocol();
    numbered.url = feed.url();
    numbered.symbols = protocol.symbols;
    openWith(numbered);
  }

  private static Script frames(String... frames) {
    return peer -> {
      for (String frame : frames) {
        peer.text(frame);
      }
    };
  }

  /** A second after the subscription, or later if the handshake took longer. */
  private static void pingUntilAFrameIsProof(ScriptedFeed.Peer peer)
      throws IOException, InterruptedException {
    for (int i = 0; i < 50; i++) {
      Thread.sleep(100);
      peer.text("ping");
    }
  }

  /** Ids and gaps in the order of the buffer. */
  private List<String> story() {
    List<String> story = new ArrayList<>();
    for (BufferEntry entry : taken) {
      if (entry instanceof BufferEntry.Tick tick) {
        story.add(tick.tick().tradeId() + "/" + tick.tick().sequence());
      } else if (entry instanceof BufferEntry.Gap gap) {
        story.add(text(gap.gap()));
      }
    }
    return story;
  }

  private static String text(FeedGap gap) {
    return gap.cause()
        + (gap.isOpen() ? " open" : " closed")
        + " from "
        + gap.firstMissing()
        + (gap.firstMissingId() == null
            ? ""
            : " ids " + gap.firstMissingId() + "-" + gap.lastMissingId())
        + (gap.repairedAt() == null ? "" : " nothing missing");
  }

  @Test
  void aHoleIsAGapUntilTheNextHeartbeat() throws Exception {
    try (ScriptedFeed feed = feed(frames("trade 5", "trade 8", "trade 9", "newest 9"))) {
      openNumbered(feed);
      awaitGaps(2);
    }
    assertThat(story())
        .containsExactly(
            "5/0",
            "VENUE_DROPPED open from 1 ids 6-7",
            "8/1",
            "9/2",
            "VENUE_DROPPED closed from 1 ids 6-7");
    FeedGap closed = gaps().get(1);
    assertThat(closed.gapStart()).isEqualTo(ticks().get(0).receivedAt());
    assertThat(closed.gapEnd()).isGreaterThanOrEqualTo(ticks().get(2).receivedAt());
    assertThat(closed.sessionAfter()).isEqualTo(closed.sessionBefore());
    assertThat(ticks())
        .extracting(MarketTick::side, MarketTick::origin)
        .containsOnly(org.assertj.core.api.Assertions.tuple(TradeSide.SELL, TickOrigin.LIVE));
  }

  @Test
  void tradesThatComeLateFillTheHole() throws Exception {
    try (ScriptedFeed feed =
        feed(frames("trade 5", "trade 8", "trade 7", "trade 6", "trade 7", "newest 8"))) {
      openNumbered(feed);
      awaitGaps(2);
    }
    assertThat(story())
        .containsExactly(
            "5/0",
            "VENUE_DROPPED open from 1 ids 6-7",
            "8/1",
            "7/2",
            "6/3",
            "VENUE_DROPPED closed from 1 ids 6-7 nothing missing");
  }

  @Test
  void secondHoleBeforeTheHeartbeatExtendsTheGap() throws Exception {
    try (ScriptedFeed feed = feed(frames("trade 5", "trade 7", "trade 10", "newest 10"))) {
      openNumbered(feed);
      awaitGaps(3);
    }
    assertThat(story())
        .containsExactly(
            "5/0",
            "VENUE_DROPPED open from 1 ids 6-6",
            "7/1",
            "VENUE_DROPPED open from 1 ids 6-9",
            "10/2",
            "VENUE_DROPPED closed from 1 ids 6-9");
  }

  @Test
  void lossAtTheEndIsFoundByTheSecondHeartbeat() throws Exception {
    try (ScriptedFeed feed =
        feed(frames("trade 5", "newest 6", "trade 6", "newest 8", "newest 8", "trade 9"))) {
      openNumbered(feed);
      awaitTicks(3);
    }
    assertThat(story()).containsExactly("5/0", "6/1", "VENUE_DROPPED closed from 2 ids 7-8", "9/2");
  }

  /** Two records with one identity are one row, so the second names the ids of both. */
  @Test
  void lossesWithoutATickBetweenThemAreOneGap() throws Exception {
    try (ScriptedFeed feed =
        feed(
            frames(
                "trade 5",
                "newest 8",
                "newest 8",
                "newest 10",
                "newest 10",
                "trade 12",
                "newest 12",
                "trade 13"))) {
      openNumbered(feed);
      awaitTicks(3);
    }
    assertThat(story())
        .containsExactly(
            "5/0",
            "VENUE_DROPPED closed from 1 ids 6-8",
            "VENUE_DROPPED closed from 1 ids 6-10",
            "VENUE_DROPPED open from 1 ids 6-11",
            "12/1",
            "VENUE_DROPPED closed from 1 ids 6-11",
            "13/2");
  }

  @Test
  void aHeartbeatThatDoesNotSayANumberEndsTheGapToo() throws Exception {
    try (ScriptedFeed feed = feed(frames("trade 5", "trade 8", "newest 0"))) {
      openNumbered(feed);
      awaitGaps(2);
    }
    assertThat(text(gaps().get(1))).isEqualTo("VENUE_DROPPED closed from 1 ids 6-7");
  }

  @Test
  void numbersThatStartOverAreAGap() throws Exception {
    try (ScriptedFeed feed =
        feed(frames("trade 50", "late 3", "late 4", "trade 7000", "late 10", "newest 10"))) {
      openNumbered(feed);
      awaitTicks(5);
    }
    assertThat(story())
        .containsExactly(
            "50/0",
            "3/1",
            "VENUE_DROPPED closed from 1",
            "4/2",
            "VENUE_DROPPED open from 3 ids 5-6999",
            "7000/3",
            "10/4",
            "VENUE_DROPPED closed from 3 ids 5-6999");
  }

  @Test
  void firstTradeAfterALossSaysWhatIsMissing() throws Exception {
    try (ScriptedFeed feed =
        feed(frames("trade 5"), frames("trade 9", "trade 10"), frames("trade 10", "trade 11"))) {
      openNumbered(feed);
      awaitTicks(4);
    }
    assertThat(story())
        .containsExactly(
            "5/0",
            "CONNECTION_LOST open from 1",
            "CONNECTION_LOST closed from 1 ids 6-8",
            "9/0",
            "10/1",
            "CONNECTION_LOST open from 2",
            "CONNECTION_LOST closed from 2 nothing missing",
            "11/0");
  }

  /** The answer came long ago, but only the ids say what is missing. */
  @Test
  void aFrameAloneDoesNotEndTheGapOfASymbolWithKnownIds() throws Exception {
    try (ScriptedFeed feed =
        feed(
            frames("trade 5"),
            peer -> {
              peer.text("only A");
              Thread.sleep(1_100); // from now on a frame proves the subscription
              frames("ping", "newest 9", "ping", "trade 9").play(peer);
            })) {
      openNumbered(feed);
      awaitTicks(2);
    }
    assertThat(story())
        .containsExactly(
            "5/0", "CONNECTION_LOST open from 1", "CONNECTION_LOST closed from 1 ids 6-8", "9/0");
  }

  @Test
  void aGapWithoutATradeEndsWithTheVenuesWord() throws Exception {
    try (ScriptedFeed feed =
        feed(frames("trade 5"), frames("newest 9", "newest 10", "newest 10"))) {
      openNumbered(feed);
      awaitGaps(3);
    }
    assertThat(story())
        .containsExactly(
            "5/0",
            "CONNECTION_LOST open from 1",
            "CONNECTION_LOST closed from 1 ids 6-9",
            "VENUE_DROPPED closed from 0 ids 10-10");
  }

  @Test
  void aGapInWhichNothingTradedEndsWithTheVenuesWord() throws Exception {
    try (ScriptedFeed feed = feed(frames("trade 5"), frames("newest 5"))) {
      openNumbered(feed);
      awaitGaps(2);
    }
    assertThat(story())
        .containsExactly(
            "5/0", "CONNECTION_LOST open from 1", "CONNECTION_LOST closed from 1 nothing missing");
  }

  @Test
  void aVenueThatNamesNoIdsEndsGapsWithAFrame() throws Exception {
    try (ScriptedFeed feed =
        feed(
            frames("trade 5"),
            peer -> {
              frames("only A", "newest 0").play(peer);
              pingUntilAFrameIsProof(peer);
            })) {
      openNumbered(feed);
      awaitGaps(2);
    }
    assertThat(story())
        .containsExactly("5/0", "CONNECTION_LOST open from 1", "CONNECTION_LOST closed from 1");
  }

  @Test
  void aTradeThatOnlyAHeartbeatNamedIsMissingAfterALoss() throws Exception {
    try (ScriptedFeed feed = feed(frames("trade 5", "newest 6"), frames("trade 9"))) {
      openNumbered(feed);
      awaitTicks(2);
    }
    assertThat(story()).startsWith("5/0", "VENUE_DROPPED closed from 1 ids 6-6").endsWith("9/0");
    FeedGap lost = gaps().get(2);
    // If all frames came in one millisecond, the two gaps have the same identity, so the second
    // names the ids of both.
    boolean isSame = lost.gapStart() == gaps().get(0).gapStart();
    assertThat(text(lost))
        .isEqualTo("CONNECTION_LOST closed from 1 ids " + (isSame ? 6 : 7) + "-8");
  }

  @Test
  void aHoleThatTheConnectionDoesNotSurviveEndsWithIt() throws Exception {
    try (ScriptedFeed feed = feed(frames("trade 5", "trade 7", "newest 9"), frames("trade 11"))) {
      openNumbered(feed);
      awaitTicks(3);
    }
    assertThat(story().get(1)).isEqualTo("VENUE_DROPPED open from 1 ids 6-6");
    assertThat(gaps().get(gaps().size() - 1).lastMissingId()).isEqualTo("10");
  }

  @Test
  void symbolThatTheAnswerLeavesOutIsRefused() throws Exception {
    protocol.symbols = List.of("A");
    try (ScriptedFeed feed = feed(frames("trade 5", "only B"))) {
      openNumbered(feed);
      awaitGaps(1);
    }
    assertThat(gaps().get(0).cause()).isEqualTo(GapCause.SUBSCRIPTION_REFUSED);
    assertThat(gaps().get(0).detail()).contains("leaves it out");
  }

  @Test
  void aLateTradeDoesNotDelayTheStartOfTheNextGap() throws Exception {
    try (ScriptedFeed feed =
        feed(
            peer -> {
              frames("trade 5", "trade 7", "newest 9").play(peer);
              Thread.sleep(50); // so that the late trade has another time
              frames("trade 6", "newest 9").play(peer);
            })) {
      openNumbered(feed);
      awaitGaps(3);
    }
    assertThat(story().get(5)).isEqualTo("VENUE_DROPPED closed from 3 ids 8-9");
    assertThat(gaps().get(2).gapStart()).isEqualTo(ticks().get(1).receivedAt());
  }

  @Test
  void onlyAnAnswerOrATradeEndsTheGapOfASymbol() throws Exception {
    protocol.symbols = List.of("A", "B");
    try (ScriptedFeed feed =
        feed(
            frames("trade 5"),
            peer -> {
              peer.read(); // subscribe B
              Thread.sleep(1_100); // long enough for a feed that does not answer
              peer.text("ping");
              peer.text("only A");
              peer.text("ping");
              peer.text("trade 6");
            })) {
      openNumbered(feed);
      awaitTicks(2);
    }
    assertThat(gaps()).extracting(FeedGap::symbol).containsExactly("A", "B", "A");
    assertThat(gaps()).extracting(FeedGap::isOpen).containsExactly(true, true, false);
  }

  private long gapMs() {
    return metrics.all(() -> 0, () -> 0, 1, () -> 0, 1).stream()
        .filter(metric -> metric.name().equals("gap-ms-total"))
        .mapToLong(metric -> metric.value().getAsLong())
        .sum();
  }

  /** Data may come before the answer, and then one frame ends the refusal and the gap. */
  @Test
  void anOutageEndsAlthoughTheRepeatedSubscriptionTicksBeforeItsAnswer() throws Exception {
    refusedRetry = Duration.ofMillis(100);
    try (ScriptedFeed feed =
        feed(
            frames("only A", "trade 5"),
            peer -> {
              peer.read(); // the subscription that is repeated
              peer.text("trade 9");
              peer.text("only A");
            })) {
      openNumbered(feed);
      awaitTicks(2);
      session.close();
    }
    assertThat(gapMs()).isPositive();
    long inAll = gapMs();
    Thread.sleep(20);
    assertThat(gapMs()).as("the time stands still once the outage is over").isEqualTo(inAll);
  }

  /** Of two words about one symbol in one frame, the second has no gap to end. */
  @Test
  void aFrameEndsAGapOnce() throws Exception {
    try (ScriptedFeed feed = feed(frames("trade 5"), frames("newest 9", "twice 9", "trade 10"))) {
      openNumbered(feed);
      awaitTicks(2);
    }
    assertThat(story())
        .containsExactly(
            "5/0", "CONNECTION_LOST open from 1", "CONNECTION_LOST closed from 1 ids 6-9", "10/0");
  }

  /** The worker takes nothing for longer than the feed may take to answer. */
  @Test
  void anAnswerBehindTicksThatWereNotReadIsAnAnswer() throws Exception {
    protocol.symbols = List.of("A", "B");
    blockTimeout = Duration.ofSeconds(50);
    try (ScriptedFeed feed =
        feed(
            peer -> {
              peer.read(); // subscribe B
              for (int id = 1; id <= 1_100; id++) {
                peer.text("trade " + id);
              }
              peer.text("only A+B");
            })) {
      openNumbered(feed);
      Thread.sleep(Subscriptions.ANSWER_TIMEOUT.plusMillis(500).toMillis());
      awaitTicks(1_100);
    }
    assertThat(gaps()).isEmpty();
  }

  /** An error that names no symbol is no answer. The subscription must be repeated. */
  @Test
  void aSubscriptionWithoutAnAnswerIsRepeated() throws Exception {
    protocol.symbols = List.of("A", "B");
    refusedRetry = Duration.ofMillis(100);
    try (ScriptedFeed feed =
        feed(
            peer -> {
              peer.read(); // subscribe B
              peer.text("only A");
              peer.text("trade 5");
              repeated.complete(peer.read());
              peer.text("only B");
              pingUntilAFrameIsProof(peer);
            })) {
      openNumbered(feed);
      awaitGaps(2);
    }
    assertThat(repeated).isCompletedWithValueMatching(frame -> frame.contains("B"));
    assertThat(gaps())
        .extracting(FeedGap::symbol, FeedGap::cause, FeedGap::isOpen)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple("B", GapCause.SUBSCRIPTION_REFUSED, true),
            org.assertj.core.api.Assertions.tuple("B", GapCause.SUBSCRIPTION_REFUSED, false));
    assertThat(gaps().get(0).detail()).contains("has not answered");
  }
}
