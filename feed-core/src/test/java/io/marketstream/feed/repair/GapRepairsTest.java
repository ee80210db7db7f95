package io.marketstream.feed.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.RepairProgress;
import io.marketstream.feed.websocket.RestException;
import io.marketstream.model.GapCause;
import io.marketstream.model.TradeSide;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Repairs against a history in memory. */
@Timeout(60)
class GapRepairsTest {

  private static final long SESSION = 5_000_000_000_000L;

  /** Has every trade up to the newest one, except those that a test takes away. */
  private static final class History implements TradeHistory {
    final List<String> asked = new CopyOnWriteArrayList<>();
    final Set<Long> gone = ConcurrentHashMap.newKeySet();
    volatile long newest = 1_000;
    volatile @Nullable RestException failure;

    @Override
    public int maxIds() {
      return 10;
    }

    @Override
    public List<HistoricTrade> trades(String symbol, long first, long last) throws RestException {
      asked.add(symbol + " " + first + "-" + last);
      RestException now = failure;
      if (now != null) {
        throw now;
      }
      List<HistoricTrade> trades = new ArrayList<>();
      for (long id = first; id <= Math.min(last, newest); id++) {
        if (!gone.contains(id)) {
          trades.add(new HistoricTrade(id, "1." + id, "2", 1_000 + id, TradeSide.BUY));
        }
      }
      return trades;
    }

    @Override
    public long newestId(String symbol) {
      return newest;
    }

    @Override
    public void close() {}
  }

  private final History history = new History();
  private final FeedMetrics metrics = new FeedMetrics(System::nanoTime);
  private final AtomicLong sessions = new AtomicLong(SESSION);
  private GapRepairs repairs = repairs(Map.of());
  private @Nullable String progress;

  private GapRepairs repairs(Map<String, List<RepairProgress>> stored) {
    return new GapRepairs(
        "test",
        "feed",
        new RepairSettings(() -> history, 1_000, Duration.ZERO, Duration.ofMillis(200)),
        stored,
        now -> sessions.incrementAndGet(),
        metrics,
        Clock.systemUTC());
  }

  /** Continues as a restart does, with the progress of the last record. */
  private void restart() {
    repairs.close();
    repairs =
        repairs(
            progress == null
                ? Map.of()
                : Map.of("A", RepairProgress.decode("feed", "A", progress)));
  }

  @AfterEach
  void close() {
    repairs.close();
  }

  private static FeedGap gap(long start, String first, String last) {
    return FeedGap.open("feed", "A", GapCause.VENUE_DROPPED, start, 100, 7, "left out")
        .closed(start + 50, 100)
        .missing(first, last);
  }

  private void publish(FeedGap gap) {
    progress = repairs.published(gap);
  }

  /** Takes records until one is the end of a gap, in words. */
  private List<String> untilFinished() {
    List<String> story = new ArrayList<>();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> {
              for (GapRepairs.Repaired record : repairs.take(3)) {
                progress = record.progress();
                story.add(text(record.entry()));
              }
              return !story.isEmpty() && isEnd(story.get(story.size() - 1));
            });
    return story;
  }

  private static boolean isEnd(String text) {
    return text.startsWith("VENUE_DROPPED") || text.startsWith("CONNECTION_LOST");
  }

  private static String text(BufferEntry entry) {
    if (entry instanceof BufferEntry.Tick tick) {
      MarketTick trade = tick.tick();
      return trade.tradeId() + " as " + (trade.session() - SESSION) + "/" + trade.sequence();
    }
    FeedGap gap = ((BufferEntry.Gap) entry).gap();
    return gap.cause()
        + " "
        + gap.firstMissingId()
        + "-"
        + gap.lastMissingId()
        + (gap.repairedAt() == null ? "" : " repaired");
  }

  @Test
  void gapIsFilledInPages() {
    publish(gap(1_000, "20", "32"));
    List<String> story = untilFinished();
    assertThat(story).startsWith("20 as 1/0", "21 as 1/1").hasSize(14);
    assertThat(story.subList(11, 14))
        .containsExactly("31 as 1/11", "32 as 1/12", "VENUE_DROPPED 20-32 repaired");
    assertThat(history.asked).containsExactly("A 20-29", "A 30-32");
    assertThat(repairs.isBusy()).isFalse();
  }

  @Test
  void gapsOfASymbolAreFilledOneAfterTheOther() {
    publish(gap(1_000, "20", "21"));
    publish(gap(2_000, "30", "30"));
    assertThat(untilFinished())
        .containsExactly("20 as 1/0", "21 as 1/1", "VENUE_DROPPED 20-21 repaired");
    assertThat(untilFinished()).containsExactly("30 as 2/0", "VENUE_DROPPED 30-30 repaired");
  }

  @Test
  void gapThatIsExtendedUnderItsIdentityGoesOnWithItsNumbers() {
    publish(gap(1_000, "20", "21"));
    untilFinished();
    publish(gap(1_000, "20", "23"));
    assertThat(untilFinished())
        .containsExactly("22 as 1/2", "23 as 1/3", "VENUE_DROPPED 20-23 repaired");
  }

  @Test
  void gapThatHasBegunAgainIsNotFinishedBeforeItIsClosed() {
    publish(gap(1_000, "20", "21"));
    FeedGap again = FeedGap.open("feed", "A", GapCause.CONNECTION_LOST, 1_000, 100, 7, "lost");
    publish(again);
    List<GapRepairs.Repaired> before = new ArrayList<>();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              before.addAll(repairs.take(10));
              return before.size() == 2;
            });
    progress = before.get(1).progress();
    restart();
    assertThat(repairs.take(10)).as("the gap is open").isEmpty();
    publish(again.closed(3_000, 200).missing("20", "22"));
    assertThat(untilFinished()).containsExactly("22 as 1/2", "CONNECTION_LOST 20-22 repaired");
  }

  @Test
  void gapThatTurnsOutToMissNothingIsForgotten() {
    history.failure = RestException.noAnswer("away");
    publish(gap(1_000, "20", "21"));
    publish(gap(1_000, "20", "21").repaired(9_000));
    assertThat(progress).isNull();
    assertThat(repairs.take(10)).isEmpty();
    assertThat(repairs.isBusy()).isFalse();
  }

  @Test
  void openGapsAndGapsWithoutIdsAreLeftAlone() {
    publish(FeedGap.open("feed", "A", GapCause.STALLED, 1_000, 100, 7, "silence"));
    publish(FeedGap.open("feed", "A", GapCause.STALLED, 1_000, 100, 7, "").closed(2_000, 200));
    assertThat(progress).isNull();
    assertThat(repairs.isBusy()).isFalse();
  }

  @Test
  void absentIdsAreNamedInTheirPlace() {
    history.gone.addAll(List.of(21L, 22L, 24L));
    publish(gap(1_000, "20", "24"));
    assertThat(untilFinished())
        .containsExactly(
            "20 as 1/0",
            "ABSENT_AT_VENUE 21-22 repaired",
            "23 as 1/3",
            "ABSENT_AT_VENUE 24-24 repaired",
            "VENUE_DROPPED 20-24 repaired");
  }

  @Test
  void tradesAreNotAbsentBeforeTheVenueShowsNewerOnes() {
    history.newest = 22;
    publish(gap(1_000, "20", "24"));
    List<String> early = new ArrayList<>();
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              repairs.take(10).forEach(record -> early.add(text(record.entry())));
              return history.asked.size() > 8; // more than twice the time to be absent
            });
    assertThat(early).containsExactly("20 as 1/0", "21 as 1/1", "22 as 1/2");
    history.newest = 30;
    assertThat(untilFinished())
        .containsExactly("23 as 1/3", "24 as 1/4", "VENUE_DROPPED 20-24 repaired");
  }

  @Test
  void restartRepeatsAPageWithTheSameNumbers() {
    publish(gap(1_000, "20", "24"));
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !repairs.take(1).isEmpty());
    restart(); // the record that was taken did not end its page, so its progress is the old one
    assertThat(untilFinished())
        .containsExactly(
            "20 as 1/0",
            "21 as 1/1",
            "22 as 1/2",
            "23 as 1/3",
            "24 as 1/4",
            "VENUE_DROPPED 20-24 repaired");
    restart();
    assertThat(repairs.take(10)).isEmpty();
    assertThat(repairs.isBusy()).isFalse();
  }

  @Test
  void symbolHasALimitOfWaitingGaps() {
    history.failure = RestException.noAnswer("away");
    for (int i = 0; i <= GapRepairs.MAX_PER_SYMBOL; i++) {
      publish(gap(1_000L + i, "20", "21"));
    }
    assertThat(progress).isNotNull();
    assertThat(RepairProgress.decode("feed", "A", progress)).hasSize(GapRepairs.MAX_PER_SYMBOL);
  }

  @Test
  void refusedRequestDoesNotHoldUpOtherSymbols() {
    history.failure = RestException.unusable("HTTP 404");
    publish(gap(1_000, "20", "21"));
    assertThat(repairs.take(10)).isEmpty();
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !history.asked.isEmpty());
    history.failure = null;
    repairs.published(
        FeedGap.open("feed", "B", GapCause.VENUE_DROPPED, 1_000, 100, 7, "left out")
            .closed(1_050, 100)
            .missing("5", "5"));
    List<String> story = new ArrayList<>();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              repairs.take(10).forEach(record -> story.add(text(record.entry())));
              return story.size() == 2;
            });
    assertThat(story).containsExactly("5 as 2/0", "VENUE_DROPPED 5-5 repaired");
  }
}
