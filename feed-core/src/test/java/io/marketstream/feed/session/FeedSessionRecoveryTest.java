package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.marketstream.feed.harness.ScriptedFeed;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.model.GapCause;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which frames end a gap, and how a session treats refused symbols. */
@Timeout(60)
class FeedSessionRecoveryTest extends FeedSessionHarness {

  @Test
  void frameEndsGapOnceSubscriptionIsEffective() throws Exception {
    try (ScriptedFeed feed =
        new ScriptedFeed(
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
  void tickEndsOnlyTheGapOfItsSymbol() throws Exception {
    protocol.symbols = List.of("A", "B");
    try (ScriptedFeed feed =
        new ScriptedFeed(
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
  void refusedSymbolHasGapUntilItsFirstTick() throws Exception {
    protocol.symbols = List.of("A", "B");
    refusedRetry = Duration.ofMillis(300);
    BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    try (ScriptedFeed feed =
        new ScriptedFeed(
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
      // Two clocks measure it, and the earlier time counts. They may differ by a millisecond.
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
  void retriesKeepThePaceOfTheFirstSubscriptions() throws Exception {
    protocol.symbols = List.of("A", "B", "C");
    subscribeInterval = Duration.ofMillis(400);
    refusedRetry = Duration.ofSeconds(1);
    AtomicLong retried = new AtomicLong();
    try (ScriptedFeed feed =
        new ScriptedFeed(
            peer -> {
              peer.upgrade();
              for (int i = 0; i < 3; i++) {
                peer.read();
              }
              peer.text("refused A");
              peer.text("refused B");
              peer.text("refused C");
              long first = 0;
              for (int i = 0; i < 3; i++) {
                peer.read();
                first = i == 0 ? System.nanoTime() : first;
              }
              retried.set(System.nanoTime() - first);
              peer.text("1");
              peer.awaitEnd();
            })) {
      open(feed);
      awaitTicks(1);
      // The server may have noticed the first of them late.
      assertThat(Duration.ofNanos(retried.get())).isGreaterThan(subscribeInterval);
    }
  }

  @Test
  void refusalAtReconnectKeepsOutageGapOpen() throws Exception {
    protocol.symbols = List.of("A", "B");
    protocol.tickSymbol = "B";
    try (ScriptedFeed feed =
        new ScriptedFeed(
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
  void refusalsWithoutSymbolMeanLastSilentOnes() throws Exception {
    protocol.symbols = List.of("A", "B", "C", "D");
    protocol.tickSymbol = "C";
    try (ScriptedFeed feed =
        new ScriptedFeed(
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
  void tickingSymbolWasNotTheRefusedOne() throws Exception {
    protocol.symbols = List.of("A", "B");
    protocol.tickSymbol = "B";
    try (ScriptedFeed feed =
        new ScriptedFeed(
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
}
