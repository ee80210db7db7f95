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
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Repairs against a history in memory. */
@Timeout(60)
class GapRepairsTest {

  /** Has every trade up to the newest one, except those that a test takes away or spoils. */
  private static final class History implements TradeHistory {
    final List<String> asked = new CopyOnWriteArrayList<>();
    final Set<Long> gone = ConcurrentHashMap.newKeySet();
    final Set<Long> unusable = ConcurrentHashMap.newKeySet();
    volatile long newest = 1_000;
    volatile @Nullable RestException failure;
    volatile @Nullable String failingSymbol;
    volatile long catchUp;
    volatile boolean error;
    volatile boolean correctsRows; // from the second request on

    @Override
    public int maxIds() {
      return 10;
    }

    @Override
    public List<HistoryRow> trades(String symbol, long first, long last) throws RestException {
      asked.add(symbol + " " + first + "-" + last);
      if (correctsRows && asked.size() > 1) {
        unusable.clear();
      }
      RestException now = failure;
      if (now != null) {
        throw now;
      }
      if (symbol.equals(failingSymbol)) {
        throw RestException.noAnswer("HTTP 500");
      }
      if (error) {
        throw new NoClassDefFoundError("test");
      }
      List<HistoryRow> trades = new ArrayList<>();
      for (long id = first; id <= Math.min(last, newest); id++) {
        if (unusable.contains(id)) {
          trades.add(new UnusableRow(id, "no size"));
        } else if (!gone.contains(id)) {
          trades.add(new HistoricTrade(id, "1." + id, "2", 1_000 + id, TradeSide.BUY));
        }
      }
      return trades;
    }

    @Override
    public long newestId(String symbol) {
      newest = Math.max(newest, catchUp);
      return newest;
    }

    @Override
    public void close() {}
  }

  private final History history = new History();
  private long maxTrades = 1_000;
  private final FeedMetrics metrics = new FeedMetrics(System::nanoTime);
  private GapRepairs repairs = repairs(Map.of(), List.of());
  private @Nullable String progress;

  private GapRepairs repairs(Map<String, List<RepairProgress>> stored, List<FeedGap> open) {
    return new GapRepairs(
        "test",
        "feed",
        new RepairSettings(() -> history, maxTrades, Duration.ZERO, Duration.ofMillis(200)),
        stored,
        open,
        metrics,
        Clock.systemUTC());
  }

  /** Continues as a restart does, with the progress of the last record. */
  private void restart(FeedGap... open) {
    repairs.close();
    repairs =
        repairs(
            progress == null ? Map.of() : Map.of("A", RepairProgress.decode("feed", "A", progress)),
            List.of(open));
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

  private FeedGap publish(FeedGap gap) {
    FeedGap returned = repairs.published(gap);
    progress = repairs.progress("A");
    return returned;
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
      assertThat(trade.session()).isEqualTo(1);
      assertThat(trade.tradeId()).isEqualTo(Long.toString(trade.sequence()));
      return trade.tradeId();
    }
    FeedGap gap = ((BufferEntry.Gap) entry).gap();
    return gap.cause()
        + " "
        + gap.firstMissingId()
        + "-"
        + gap.lastMissingId()
        + (gap.repairedAt() == null ? "" : " repaired")
        + (gap.detail().contains("unusable") ? ", " + gap.detail() : "");
  }

  @Test
  void gapIsFilledInPages() {
    publish(gap(1_000, "20", "32"));
    List<String> story = untilFinished();
    assertThat(story).startsWith("20", "21").hasSize(14);
    assertThat(story.subList(11, 14)).containsExactly("31", "32", "VENUE_DROPPED 20-32 repaired");
    assertThat(history.asked).containsExactly("A 20-29", "A 30-32");
    assertThat(repairs.isBusy()).isFalse();
  }

  @Test
  void gapsOfASymbolAreFilledOneAfterTheOther() {
    publish(gap(1_000, "20", "21"));
    publish(gap(2_000, "30", "30"));
    assertThat(untilFinished()).containsExactly("20", "21", "VENUE_DROPPED 20-21 repaired");
    assertThat(untilFinished()).containsExactly("30", "VENUE_DROPPED 30-30 repaired");
  }

  @Test
  void gapThatIsExtendedUnderItsIdentityGoesOnWithItsNumbers() {
    publish(gap(1_000, "20", "21"));
    untilFinished();
    publish(gap(1_000, "20", "23"));
    assertThat(untilFinished()).containsExactly("22", "23", "VENUE_DROPPED 20-23 repaired");
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
    restart(again);
    assertThat(repairs.take(10)).as("the gap is open").isEmpty();
    publish(again.closed(3_000, 200).missing("20", "22"));
    assertThat(untilFinished()).containsExactly("22", "CONNECTION_LOST 20-22 repaired");
  }

  @Test
  void endWithoutIdsDoesNotEndARepair() {
    history.failure = RestException.noAnswer("away");
    publish(gap(1_000, "20", "21"));
    FeedGap again = FeedGap.open("feed", "A", GapCause.CONNECTION_LOST, 1_000, 100, 7, "lost");
    publish(again);
    restart(again); // which does not hold the ids of the gap
    history.failure = null;
    FeedGap returned = publish(again.closed(3_000, 200).repaired(3_000));
    assertThat(text(new BufferEntry.Gap(returned, 3_000))).isEqualTo("CONNECTION_LOST 20-21");
    assertThat(untilFinished()).containsExactly("20", "21", "CONNECTION_LOST 20-21 repaired");
  }

  @Test
  void gapThatWasClosedWithoutRepairsIsForgotten() {
    history.failure = RestException.noAnswer("away");
    publish(gap(1_000, "20", "21"));
    publish(FeedGap.open("feed", "A", GapCause.CONNECTION_LOST, 1_000, 100, 7, "lost"));
    restart(); // the gap is not open any more
    assertThat(repairs.take(10)).isEmpty();
    assertThat(repairs.isBusy()).isFalse();
  }

  @Test
  void recordsOfOneIdentityAreRepairedTogether() {
    publish(gap(1_000, "23", "30"));
    FeedGap returned = publish(gap(1_000, "20", "21"));
    assertThat(text(new BufferEntry.Gap(returned, 3_000))).isEqualTo("VENUE_DROPPED 20-30");
    assertThat(untilFinished())
        .startsWith("20", "21", "22")
        .endsWith("VENUE_DROPPED 20-30 repaired");
  }

  @Test
  void newNumbersEndTheRepairsOfTheOldOnes() {
    history.newest = 10;
    publish(gap(1_000, "20", "21"));
    assertThat(repairs.take(10)).isEmpty();
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !history.asked.isEmpty());
    repairs.startedOver("A");
    assertThat(repairs.progress("A")).isNull();
    history.newest = 1_000;
    publish(gap(9_000, "5", "5"));
    assertThat(untilFinished()).containsExactly("5", "VENUE_DROPPED 5-5 repaired");
  }

  @Test
  void historyThatCatchesUpBetweenTwoRequestsIsNotAbsent() {
    history.newest = 19;
    history.catchUp = 30;
    publish(gap(1_000, "20", "21"));
    assertThat(untilFinished()).containsExactly("20", "21", "VENUE_DROPPED 20-21 repaired");
  }

  @Test
  void failingSymbolDoesNotHoldUpOthers() {
    history.failingSymbol = "A";
    publish(gap(1_000, "20", "45"));
    assertThat(repairs.take(10)).isEmpty();
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !history.asked.isEmpty());
    repairs.published(
        FeedGap.open("feed", "B", GapCause.VENUE_DROPPED, 1_000, 100, 7, "left out")
            .closed(1_050, 100)
            .missing("5", "24"));
    assertThat(untilFinished()).hasSize(21).endsWith("VENUE_DROPPED 5-24 repaired");
  }

  @Test
  void gapThatCannotGoOnLetsTheNextOneGoFirst() {
    history.gone.addAll(List.of(20L, 21L));
    history.newest = 19;
    publish(gap(1_000, "20", "21")); // no newer trade proves that these are absent
    publish(gap(2_000, "10", "11"));
    assertThat(untilFinished()).containsExactly("10", "11", "VENUE_DROPPED 10-11 repaired");
  }

  @Test
  void lowerLimitNamesNothingThatIsThere() {
    publish(gap(1_000, "20", "45"));
    List<String> story = new ArrayList<>();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              for (GapRepairs.Repaired record : repairs.take(1)) {
                progress = record.progress();
                story.add(text(record.entry()));
              }
              return story.size() == 10;
            });
    maxTrades = 4;
    restart();
    assertThat(untilFinished()).containsExactly("VENUE_DROPPED 30-45");
  }

  @Test
  void errorInTheHistoryIsAFailureLikeOthers() {
    history.error = true;
    publish(gap(1_000, "20", "21"));
    assertThat(repairs.take(10)).isEmpty();
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !history.asked.isEmpty());
    assertThat(metric("repair-failures-total")).isEqualTo(1);
    assertThat(metric("repairs-pending")).isEqualTo(1);
  }

  private long metric(String name) {
    return metrics.all(() -> 0, () -> 0, 0, () -> 0, 1).stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value()
        .getAsLong();
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
            "20",
            "ABSENT_AT_VENUE 21-22 repaired",
            "23",
            "ABSENT_AT_VENUE 24-24 repaired",
            "VENUE_DROPPED 20-24 repaired");
  }

  @Test
  void unusableRowsAreNamedAmongTheTradesAroundThem() {
    history.unusable.addAll(List.of(21L, 22L, 24L));
    history.gone.add(23L);
    publish(gap(1_000, "20", "25"));
    String unusable = " repaired, the venue's row of this trade is unusable (no size)";
    assertThat(untilFinished())
        .containsExactly(
            "20",
            "ABSENT_AT_VENUE 21-21" + unusable,
            "ABSENT_AT_VENUE 22-22" + unusable,
            "ABSENT_AT_VENUE 23-23 repaired",
            "ABSENT_AT_VENUE 24-24" + unusable,
            "25",
            "VENUE_DROPPED 20-25 repaired");
    assertThat(metric("absent-trades-total")).isEqualTo(4);
    assertThat(metric("repairs-pending")).isZero();
  }

  @Test
  void rowThatTheVenueCorrectsInTimeIsUsed() {
    history.unusable.add(21L);
    history.correctsRows = true;
    publish(gap(1_000, "20", "22"));
    assertThat(untilFinished()).containsExactly("20", "21", "22", "VENUE_DROPPED 20-22 repaired");
    assertThat(history.asked).containsExactly("A 20-22", "A 21-22");
  }

  @Test
  void unusableRowOfTheNewestTradeIsNamed() {
    history.newest = 21;
    history.unusable.add(21L);
    publish(gap(1_000, "20", "21"));
    assertThat(untilFinished())
        .startsWith("20")
        .hasSize(3)
        .endsWith("VENUE_DROPPED 20-21 repaired");
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
    assertThat(early).containsExactly("20", "21", "22");
    history.newest = 30;
    assertThat(untilFinished()).containsExactly("23", "24", "VENUE_DROPPED 20-24 repaired");
  }

  @Test
  void restartRepeatsAPageWithTheSameNumbers() {
    publish(gap(1_000, "20", "24"));
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !repairs.take(1).isEmpty());
    restart(); // the record that was taken did not end its page, so its progress is the old one
    assertThat(untilFinished())
        .containsExactly("20", "21", "22", "23", "24", "VENUE_DROPPED 20-24 repaired");
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
    assertThat(story).containsExactly("5", "VENUE_DROPPED 5-5 repaired");
  }
}
