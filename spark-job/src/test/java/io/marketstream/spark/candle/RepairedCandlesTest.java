package io.marketstream.spark.candle;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.CandleInterval;
import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import io.marketstream.model.TradeSide;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.Tick;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Trades that were missing correct the candles of their time, however late they come. Every topic
 * is folded in batches of several sizes, with a restart before each batch.
 */
class RepairedCandlesTest {
  /** A full hour, UTC. Times of the tests are seconds after it. */
  private static final long HOUR = 1_763_899_200_000L;

  private static final long LATENESS_SECONDS = 120;
  private static final double DAY = 86_400;

  private final List<Tick> topic = new ArrayList<>();
  private FoldRules rules = rules("1m");

  /** The tables after the topic, and what the state and the counts say. */
  private record Result(
      Map<String, Candle> candles,
      LatestTick latest,
      List<Byte> state,
      long late,
      long duplicates,
      int openCandles) {

    String candle(String interval, double seconds) {
      Candle candle = candles.get(PlainRecomputation.key(interval, HOUR + (long) (seconds * 1000)));
      return candle == null
          ? "no row"
          : String.join(
              " ",
              candle.open().toPlainString(),
              candle.high().toPlainString(),
              candle.low().toPlainString(),
              candle.close().toPlainString(),
              "" + candle.trades());
    }
  }

  @Test
  void aRepairedTradeCorrectsACandleThatTheLatenessHasClosed() {
    live(100, 10, "5");
    live(103, 20, "6");
    live(104, 600, "7");
    assertThat(fold().candle("1m", 0)).isEqualTo("5 6 5 6 2");

    repaired(101, 12, "9");
    repaired(102, 21, "4");

    Result result = fold();
    assertThat(result.candle("1m", 0)).isEqualTo("5 9 4 4 4");
    assertThat(result.late()).isZero();
    assertThat(result.latest().tick().tradeId()).isEqualTo("104");
  }

  @Test
  void theRepairMakesTheCandlesOfAnOutage() {
    rules = rules("1m", "1h");
    live(100, 50, "5");
    live(107, 340, "6");
    live(108, 900, "6");
    repaired(101, 55, "1");
    repaired(102, 70, "7");
    repaired(103, 80, "8");
    repaired(104, 200, "2");
    live(109, 3_900, "3");
    repaired(105, 301, "9");
    repaired(106, 339, "4");

    Result result = fold();
    assertThat(result.candle("1m", 0)).isEqualTo("5 5 1 1 2");
    assertThat(result.candle("1m", 60)).isEqualTo("7 8 7 8 2");
    assertThat(result.candle("1m", 120)).isEqualTo("no row");
    assertThat(result.candle("1m", 180)).isEqualTo("2 2 2 2 1");
    assertThat(result.candle("1m", 300)).isEqualTo("9 9 4 6 3");
    assertThat(result.candle("1h", 0)).isEqualTo("5 9 1 6 9");
    assertThat(result.late()).isZero();
  }

  /**
   * The trades before and after the hole are the last one of a candle and the first of the next.
   */
  @Test
  void aHoleAtTheEdgeOfACandleConcernsBothCandles() {
    live(100, 59.999, "5");
    live(103, 60, "6");
    live(104, 600, "7");
    repaired(101, 59.999, "1");
    repaired(102, 60, "2");

    Result result = fold();
    assertThat(result.candle("1m", 0)).isEqualTo("5 5 1 1 2");
    assertThat(result.candle("1m", 60)).isEqualTo("2 6 2 6 2");
    assertThat(result.late()).isZero();
  }

  @Test
  void theOrderOfTheRepairDoesNotMatter() {
    live(100, 10, "5");
    live(104, 200, "6");
    live(105, 900, "7");
    repaired(102, 70, "2");
    repaired(103, 130, "3");
    repaired(101, 20, "1");

    Result result = fold();
    assertThat(result.candle("1m", 0)).isEqualTo("5 5 1 1 2");
    assertThat(result.candle("1m", 60)).isEqualTo("2 2 2 2 1");
    assertThat(result.candle("1m", 120)).isEqualTo("3 3 3 3 1");
    assertThat(result.late()).isZero();
  }

  @Test
  void twoHolesAreRepairedOneAfterTheOther() {
    live(100, 10, "5");
    live(102, 20, "5");
    live(103, 600, "6");
    live(105, 610, "6");
    live(106, 1_200, "7");
    assertThat(fold().openCandles()).isEqualTo(3);

    repaired(104, 605, "9");
    assertThat(fold().openCandles()).isEqualTo(2);

    repaired(101, 15, "1");
    Result result = fold();
    assertThat(result.candle("1m", 0)).isEqualTo("5 5 1 5 3");
    assertThat(result.candle("1m", 600)).isEqualTo("6 9 6 6 3");
    assertThat(result.openCandles()).isEqualTo(1);
    assertThat(result.late()).isZero();
  }

  /** A long hole keeps the candles at its two ends, and the lower end moves with the repair. */
  @Test
  void aRepairKeepsFewCandlesOpen() {
    live(100, 10, "5");
    live(200, 6_000, "6");
    live(201, 9_000, "7");
    for (int id = 101; id < 200; id++) {
      repaired(id, 10 + 60 * (id - 100), "1");
      assertThat(fold(topic, topic.size()).openCandles()).isLessThanOrEqualTo(3);
    }

    Result result = fold();
    assertThat(result.openCandles()).isEqualTo(1);
    assertThat(result.candles()).hasSize(102);
    assertThat(result.late()).isZero();
  }

  @Test
  void onceItsHoleIsFilledACandleIsClosed() {
    live(100, 10, "5");
    live(102, 20, "6");
    live(103, 600, "7");
    repaired(101, 15, "9");
    repaired(101, 15, "99");
    withoutId(16, "99");

    Result result = fold();
    assertThat(result.candle("1m", 0)).isEqualTo("5 9 5 6 3");
    assertThat(result.late()).isEqualTo(1);
    assertThat(result.duplicates()).isEqualTo(1);
    assertThat(result.openCandles()).isEqualTo(1);
  }

  /** Without the hole it would be late, and the candles must not depend on an outage. */
  @Test
  void aLateTickThatWasNotMissingIsLateAlthoughItsCandleIsOpen() {
    live(100, 10, "5");
    live(102, 20, "6");
    live(103, 600, "7");
    live(104, 11, "99");
    withoutId(12, "99");
    repaired(101, 15, "8");

    Result result = fold();
    assertThat(result.candle("1m", 0)).isEqualTo("5 8 5 6 3");
    assertThat(result.late()).isEqualTo(2);
  }

  @Test
  void aMissingTradeMayComeByTheConnectionAsWell() {
    live(100, 10, "5");
    live(102, 20, "6");
    live(103, 600, "7");
    live(101, 15, "9");
    repaired(101, 15, "9");

    Result result = fold();
    assertThat(result.candle("1m", 0)).isEqualTo("5 9 5 6 3");
    assertThat(result.late()).isZero();
    assertThat(result.duplicates()).isEqualTo(1);
  }

  @Test
  void aHoleIsGivenUpADayLater() {
    live(100, 10, "5");
    live(104, 20, "6");
    repaired(101, 11, "9");
    live(105, 20 + DAY - 0.001, "7");
    repaired(102, 12, "8");
    live(106, 20 + DAY, "7");
    repaired(103, 13, "99");

    Result result = fold();
    assertThat(result.candle("1m", 0)).isEqualTo("5 9 5 6 4");
    assertThat(result.late()).isEqualTo(1);
    assertThat(result.openCandles()).isEqualTo(1);
  }

  /** The venue does not have it either. The trades around it are repaired all the same. */
  @Test
  void anAbsentTradeKeepsItsCandleForADay() {
    live(100, 10, "5");
    live(104, 20, "6");
    live(105, 600, "7");
    repaired(101, 11, "9");
    repaired(103, 13, "1");
    assertThat(fold().openCandles()).isEqualTo(2);

    live(106, 20 + DAY, "7");
    Result result = fold();
    assertThat(result.candle("1m", 0)).isEqualTo("5 9 1 6 4");
    assertThat(result.openCandles()).isEqualTo(1);
    assertThat(result.late()).isZero();
  }

  /** No trade before them is known, so no candle was kept for them. */
  @Test
  void aRepairedTradeBelowTheFirstIdIsLate() {
    live(100, 600, "5");
    repaired(98, 10, "9");
    repaired(99, 590, "4");

    Result result = fold();
    assertThat(result.candle("1m", 0)).isEqualTo("no row");
    assertThat(result.candle("1m", 540)).isEqualTo("4 4 4 4 1");
    assertThat(result.late()).isEqualTo(1);
  }

  @Test
  void noHoleSurvivesANewStartOfTheNumbers() {
    live(100, 10, "5");
    live(102, 20, "6");
    live(103, 600, "7");
    live(100, 700, "1");
    repaired(101, 15, "99");

    Result result = fold();
    assertThat(result.candle("1m", 0)).isEqualTo("5 6 5 6 2");
    assertThat(result.late()).isEqualTo(1);
  }

  /** 180 holes with two candles each per interval: more than may be open. */
  @Test
  void ofTooManyOpenCandlesThoseOfTheOldestHolesAreGivenUp() {
    rules = rules("1s", "2s", "5s");
    int holes = 180;
    for (int i = 0; i < holes; i++) {
      live(3L * i, 20 * i, "5");
      live(3L * i + 2, 20 * i + 10, "6");
    }
    assertThat(fold().openCandles())
        .isBetween(SymbolFold.MAX_OPEN_CANDLES - 6, SymbolFold.MAX_OPEN_CANDLES);

    repaired(1, 0.5, "9");
    repaired(3L * holes - 2, 20 * holes - 19.5, "9");
    repaired(3L * holes - 302, 20 * holes - 2_019.5, "9");

    Result result = fold();
    assertThat(result.candle("1s", 0)).isEqualTo("5 5 5 5 1");
    assertThat(result.candle("1s", 20 * holes - 20)).isEqualTo("5 9 5 9 2");
    assertThat(result.candle("5s", 20 * holes - 2_020)).isEqualTo("5 9 5 9 2");
    assertThat(result.late()).isEqualTo(1);
  }

  /** The row of a repaired candle replaces the earlier row, and is the row of a whole topic. */
  @Test
  void theWriteTimeCountsTheRepairedTrades() {
    live(100, 10, "5");
    live(102, 20, "6");
    live(103, 600, "7");
    Candle before = fold().candles().get(PlainRecomputation.key("1m", HOUR));
    repaired(101, 15, "9");
    Candle after = fold().candles().get(PlainRecomputation.key("1m", HOUR));
    topic.clear();
    live(100, 10, "5");
    live(101, 15, "9");
    live(102, 20, "6");
    live(103, 600, "7");
    Candle whole = fold().candles().get(PlainRecomputation.key("1m", HOUR));

    assertThat(after.writeTime()).isEqualTo(before.writeTime() + 1);
    assertThat(after).isEqualTo(whole);
  }

  @Test
  void theStateOfManyHolesIsSmall() {
    for (int i = 0; i < 10_000; i++) {
      live(3L * i, i, "5");
    }

    Result result = fold(topic, 100);
    assertThat(result.state().size()).isBetween(2_000, 10_000);
  }

  private void withoutId(double seconds, String price) {
    add(null, seconds, price, TickOrigin.LIVE);
  }

  private void live(long id, double seconds, String price) {
    add("" + id, seconds, price, TickOrigin.LIVE);
  }

  private void repaired(long id, double seconds, String price) {
    add("" + id, seconds, price, TickOrigin.REPAIR);
  }

  private void add(@Nullable String tradeId, double seconds, String price, TickOrigin origin) {
    long time = HOUR + Math.round(seconds * 1000);
    int sequence = topic.size();
    topic.add(
        new Tick(
            new RecordPosition("market_data", 0, sequence),
            "coinbase-sim",
            "BTC-USD",
            TickKind.TRADE,
            price,
            "1",
            null,
            time,
            time,
            origin == TickOrigin.LIVE ? HOUR : HOUR + 1,
            sequence,
            tradeId,
            TradeSide.BUY,
            origin));
  }

  private static FoldRules rules(String... intervals) {
    return new FoldRules(
        Arrays.stream(intervals).map(CandleInterval::parse).toList(),
        LATENESS_SECONDS * 1000,
        TradeConditions.finnhub());
  }

  /** Folds the topic in batches of each size. All must give the same tables, state and counts. */
  private Result fold() {
    Result result = fold(topic, 1);
    for (int batchSize : new int[] {2, 3, 5, topic.size()}) {
      assertThat(fold(topic, batchSize)).as("batches of %d", batchSize).isEqualTo(result);
    }
    return result;
  }

  private Result fold(List<Tick> ticks, int batchSize) {
    SymbolFoldCodec codec = new SymbolFoldCodec(rules);
    Map<String, Candle> candles = new TreeMap<>();
    byte[] state = codec.encode(new SymbolFold(rules));
    LatestTick latest = null;
    long late = 0;
    long duplicates = 0;
    int openCandles = 0;
    for (int from = 0; from < ticks.size(); from += batchSize) {
      SymbolFold fold = codec.decode(state);
      ticks.subList(from, Math.min(ticks.size(), from + batchSize)).forEach(fold::add);
      for (Candle candle : fold.takeChangedCandles("coinbase-sim", "BTC-USD")) {
        Candle before =
            candles.put(PlainRecomputation.key(candle.interval(), candle.openTime()), candle);
        assertThat(candle.writeTime()).isGreaterThan(before == null ? 0 : before.writeTime());
      }
      LatestTick changed = fold.takeChangedLatest();
      latest = changed == null ? latest : changed;
      late += fold.counts().late();
      duplicates += fold.counts().duplicates();
      openCandles = fold.openCandles();
      state = codec.encode(fold);
    }
    List<Byte> bytes = new ArrayList<>();
    for (byte each : state) {
      bytes.add(each);
    }
    return new Result(candles, latest, bytes, late, duplicates, openCandles);
  }
}
