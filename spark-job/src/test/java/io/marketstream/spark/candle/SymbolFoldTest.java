package io.marketstream.spark.candle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.marketstream.model.CandleInterval;
import io.marketstream.model.CandleKind;
import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import io.marketstream.model.TradeSide;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.Tick;
import java.math.BigDecimal;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class SymbolFoldTest {
  /** A full minute, UTC. */
  private static final long MINUTE = 1_763_900_040_000L;

  private static final long SESSION = 1_763_899_990_000L;

  private final FoldRules rules =
      new FoldRules(List.of(CandleInterval.parse("1m")), 120_000, TradeConditions.finnhub());
  private final SymbolFold fold = new SymbolFold(rules);
  private long sequence;

  @Test
  void openAndCloseAreFirstAndLastByEventTime() {
    add(MINUTE + 10, "2", "1");
    add(MINUTE + 30, "3", "1");
    add(MINUTE + 5, "1", "1");
    add(MINUTE + 20, "9", "1");

    Candle candle = onlyCandle();

    assertThat(candle.open()).isEqualTo("1");
    assertThat(candle.close()).isEqualTo("3");
    assertThat(candle.high()).isEqualTo("9");
    assertThat(candle.low()).isEqualTo("1");
    assertThat(candle.volume()).isEqualTo("4");
    assertThat(candle.trades()).isEqualTo(4);
    assertThat(candle.kind()).isEqualTo(CandleKind.TRADE);
  }

  @Test
  void ticksOfOneMillisecondAreOrderedBySession() {
    fold.add(tick(MINUTE, SESSION + 1, 0, TickKind.TRADE, "5", "1"));
    fold.add(tick(MINUTE, SESSION, 7, TickKind.TRADE, "4", "1"));
    fold.add(tick(MINUTE, SESSION, 9, TickKind.TRADE, "6", "1"));

    Candle candle = onlyCandle();

    assertThat(candle.open()).isEqualTo("4");
    assertThat(candle.close()).isEqualTo("5");
    assertThat(fold.takeChangedLatest().tick().price()).isEqualTo("5");
  }

  @Test
  void twoIdenticalTradesOfOneMessageAreTwoTrades() {
    add(MINUTE, "2.50", "100");
    add(MINUTE, "2.50", "100");

    assertThat(onlyCandle().trades()).isEqualTo(2);
  }

  @Test
  void aRepeatedRecordCountsOnce() {
    Tick tick = tick(MINUTE, SESSION, 0, TickKind.TRADE, "2.50", "100");
    fold.add(tick);
    fold.add(tick);

    assertThat(onlyCandle().trades()).isEqualTo(1);
    assertThat(fold.counts().duplicates()).isEqualTo(1);
  }

  @Test
  void anOddLotMovesOnlyTheVolume() {
    add(MINUTE, "2", "10", "1");
    add(MINUTE + 1, "99", "5", "1", "12");

    Candle candle = onlyCandle();

    assertThat(candle.close()).isEqualTo("2");
    assertThat(candle.high()).isEqualTo("2");
    assertThat(candle.volume()).isEqualTo("15");
    assertThat(candle.trades()).isEqualTo(2);
  }

  @Test
  void highAndLowOnlyCountOnceThereIsAClose() {
    add(MINUTE, "50", "1", "30");
    Candle before = onlyCandle();
    add(MINUTE + 1, "40", "1", "1");
    Candle after = onlyCandle();

    assertThat(before.open()).isNull();
    assertThat(before.high()).isNull();
    assertThat(before.volume()).isEqualTo("1");
    assertThat(before.kind()).isEqualTo(CandleKind.TRADE);
    assertThat(after.open()).isEqualTo("40");
    assertThat(after.high()).isEqualTo("50");
    assertThat(after.low()).isEqualTo("40");
  }

  @Test
  void indicativePricesSetTheCandleUntilATradeDoes() {
    fold.add(tick(MINUTE, SESSION, 0, TickKind.PRICE, "7", "0"));
    fold.add(tick(MINUTE + 1, SESSION, 1, TickKind.PRICE, "8", null));
    Candle prices = onlyCandle();
    fold.add(tick(MINUTE + 2, SESSION, 2, TickKind.TRADE, "5", "2"));
    Candle trades = onlyCandle();

    assertThat(prices.kind()).isEqualTo(CandleKind.PRICE);
    assertThat(List.of(prices.open(), prices.high(), prices.low(), prices.close()))
        .containsExactly(dec("7"), dec("8"), dec("7"), dec("8"));
    assertThat(prices.volume()).isEqualTo("0");
    assertThat(prices.vwap()).isNull();
    assertThat(prices.trades()).isZero();
    assertThat(trades.kind()).isEqualTo(CandleKind.TRADE);
    assertThat(List.of(trades.open(), trades.high(), trades.low(), trades.close()))
        .containsExactly(dec("5"), dec("5"), dec("5"), dec("5"));
  }

  /** A stock's day without its quiet hours. It shows that the closing auction counts. */
  @Test
  void theClosingAuctionIsInTheCandlesOfTheDay() {
    SymbolFold day =
        new SymbolFold(
            new FoldRules(
                List.of(CandleInterval.parse("1m"), CandleInterval.parse("1d")),
                120_000,
                TradeConditions.finnhub()));
    long midnight = 1_795_564_800_000L; // 2026-11-25T00:00:00Z
    Tick[] ticks = {
      tick(midnight + 32_400_100, SESSION, 0, TickKind.TRADE, "187.10", "100", "24"),
      tick(midnight + 64_830_000, SESSION, 1, TickKind.TRADE, "189.00", "50000", "34"),
      tick(midnight + 75_540_000, SESSION, 2, TickKind.TRADE, "190.00", "100", "1"),
      tick(midnight + 75_570_000, SESSION, 3, TickKind.TRADE, "190.10", "200", "1"),
      tick(midnight + 75_600_150, SESSION, 4, TickKind.TRADE, "190.55", "4000000", "36"),
      tick(midnight + 75_600_160, SESSION, 5, TickKind.TRADE, "190.55", "4000000", "16"),
      tick(midnight + 79_200_000, SESSION, 6, TickKind.TRADE, "205.00", "100", "24"),
    };
    List.of(ticks).forEach(day::add);

    List<Candle> candles = day.takeChangedCandles("finnhub", "AAPL");

    assertThat(candles)
        .extracting(
            Candle::interval,
            candle -> (candle.openTime() - midnight) / 60_000,
            Candle::open,
            Candle::high,
            Candle::low,
            Candle::close,
            Candle::volume,
            Candle::trades,
            Candle::kind)
        .containsExactly(
            row("1m", 540, "187.10", "187.10", "187.10", "187.10", "100", 1, CandleKind.EXTENDED),
            row("1m", 1080, "189.00", "189.00", "189.00", "189.00", "50000", 1, CandleKind.TRADE),
            row("1m", 1259, "190.00", "190.10", "190.00", "190.10", "300", 2, CandleKind.TRADE),
            row("1m", 1260, "190.55", "190.55", "190.55", "190.55", "4000000", 1, CandleKind.TRADE),
            row("1m", 1320, "205.00", "205.00", "205.00", "205.00", "100", 1, CandleKind.EXTENDED),
            row("1d", 0, "189.00", "190.55", "189.00", "190.55", "4050500", 6, CandleKind.TRADE));
  }

  private static Tuple row(
      String interval,
      long minute,
      String open,
      String high,
      String low,
      String close,
      String volume,
      long trades,
      CandleKind kind) {
    return tuple(
        interval, minute, dec(open), dec(high), dec(low), dec(close), dec(volume), trades, kind);
  }

  @Test
  void extendedTradesCountUntilThereIsARegularTrade() {
    fold.add(tick(MINUTE, SESSION, sequence++, TickKind.PRICE, "7", "0"));
    add(MINUTE + 1, "5", "2", "24");
    Candle extended = onlyCandle();
    add(MINUTE + 2, "6", "1", "25"); // volume alone
    add(MINUTE + 3, "50", "1", "30"); // regular, but without effect on the last price
    Candle still = onlyCandle();
    add(MINUTE + 4, "9", "1", "1");
    Candle regular = onlyCandle();

    assertThat(extended.kind()).isEqualTo(CandleKind.EXTENDED);
    assertThat(extended.open()).isEqualTo("5");
    assertThat(still.kind()).isEqualTo(CandleKind.EXTENDED);
    assertThat(still.high()).isEqualTo("5");
    assertThat(still.volume()).isEqualTo("4");
    assertThat(regular.kind()).isEqualTo(CandleKind.TRADE);
    assertThat(List.of(regular.open(), regular.high(), regular.low(), regular.close()))
        .containsExactly(dec("9"), dec("50"), dec("9"), dec("9"));
  }

  @Test
  void theWriteTimeOfACandleIsItsClosePlusItsTicks() {
    add(MINUTE, "2", "1");
    add(MINUTE + 1, "2", "1", "16"); // changes no price, but counts
    Candle two = onlyCandle();
    add(MINUTE + 2, "2", "1");

    assertThat(two.writeTime()).isEqualTo((MINUTE + 60_000 + 120_000) * 1000 + 2);
    assertThat(onlyCandle().writeTime()).isEqualTo(two.writeTime() + 1);
  }

  /** A rebuild from a topic without its beginning must not replace the more complete row. */
  @Test
  void aCandleOfAShortenedTopicHasAnOlderWriteTime() {
    add(MINUTE, "2", "1");
    add(MINUTE + 1, "3", "1");
    SymbolFold shortened = new SymbolFold(rules);
    shortened.add(tick(MINUTE + 1, SESSION, 1, TickKind.TRADE, "3", "1"));

    assertThat(shortened.takeChangedCandles("finnhub", "AAPL").get(0).writeTime())
        .isLessThan(onlyCandle().writeTime());
  }

  @Test
  void vwapIsRoundedOnceToDecimal128() {
    add(MINUTE, "1", "1");
    add(MINUTE, "2", "2");

    assertThat(onlyCandle().vwap()).isEqualTo("1.666666666666666666666666666666667");
  }

  @Test
  void aLateTickChangesOpenCandlesOnly() {
    add(MINUTE, "2", "1");
    add(MINUTE + 179_999, "3", "1");
    fold.takeChangedCandles("finnhub", "AAPL");
    add(MINUTE + 1, "9", "1");
    List<Candle> corrected = fold.takeChangedCandles("finnhub", "AAPL");
    add(MINUTE + 180_000, "3", "1");
    add(MINUTE + 2, "99", "1");
    List<Candle> afterClose = fold.takeChangedCandles("finnhub", "AAPL");

    assertThat(corrected).extracting(Candle::openTime).containsExactly(MINUTE);
    assertThat(corrected.get(0).high()).isEqualTo("9");
    assertThat(afterClose).extracting(Candle::openTime).containsExactly(MINUTE + 180_000);
    assertThat(fold.counts().late()).isEqualTo(1);
  }

  @Test
  void theOldestOfSeventeenSessionsIsForgotten() {
    for (int session = 0; session <= 16; session++) {
      fold.add(tick(MINUTE, SESSION + session, 5, TickKind.TRADE, "1", "1"));
    }
    fold.add(tick(MINUTE, SESSION, 6, TickKind.TRADE, "1", "1"));
    fold.add(tick(MINUTE, SESSION + 1, 6, TickKind.TRADE, "1", "1"));

    assertThat(fold.counts().late()).isEqualTo(1);
    assertThat(fold.counts().forgotten()).isEqualTo(1);
    assertThat(fold.counts().ticks()).isEqualTo(18);
  }

  @Test
  void anUnknownConditionRestrictsNothing() {
    add(MINUTE, "2", "1", "77");

    assertThat(onlyCandle().close()).isEqualTo("2");
    assertThat(fold.counts().unknownConditions()).isEqualTo(1);
  }

  @Test
  void aSymbolsCandlesAreForgottenOnceClosed() {
    add(MINUTE, "2", "1");
    fold.takeChangedCandles("finnhub", "AAPL");
    int withOne = new SymbolFoldCodec(rules).encode(fold).length;
    for (int i = 1; i < 500; i++) {
      add(MINUTE + i * 60_000L, "2", "1");
    }
    fold.takeChangedCandles("finnhub", "AAPL");

    assertThat(new SymbolFoldCodec(rules).encode(fold).length).isLessThan(withOne * 4);
  }

  @Test
  void openCandlesAreCountedForAllIntervals() {
    SymbolFold two =
        new SymbolFold(
            new FoldRules(
                List.of(CandleInterval.parse("1m"), CandleInterval.parse("1h")),
                120_000,
                TradeConditions.finnhub()));
    for (int minute = 0; minute < 5; minute++) {
      two.add(tick(MINUTE + minute * 60_000L, SESSION, minute, TickKind.TRADE, "2", "1"));
    }
    two.takeChangedCandles("finnhub", "AAPL");

    assertThat(two.watermark()).isEqualTo(MINUTE + 2 * 60_000);
    assertThat(two.openCandles()).isEqualTo(3 + 1);
  }

  @Test
  void anOldTickDoesNotLowerTheWatermark() {
    add(MINUTE, "2", "1");
    add(MINUTE - 60_000, "2", "1");

    assertThat(fold.watermark()).isEqualTo(MINUTE - 120_000);
  }

  @Test
  void stateOfANewerJobIsRefusedWithAnAdvice() {
    byte[] state = new SymbolFoldCodec(rules).encode(fold);
    state[0] = SymbolFoldCodec.VERSION + 1;

    assertThatThrownBy(() -> new SymbolFoldCodec(rules).decode(state))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("version 5")
        .hasMessageContaining("--checkpoint");
  }

  @Test
  void aTradeThatComesLiveAndByRepairCountsOnce() {
    fold.add(trade(MINUTE + 1, SESSION, 0, "99", "2"));
    fold.add(repaired(MINUTE + 1, 99));
    fold.add(repaired(MINUTE + 2, 100));
    fold.add(trade(MINUTE + 2, SESSION, 1, "100", "2"));

    Candle candle = onlyCandle();
    assertThat(candle.trades()).isEqualTo(2);
    assertThat(fold.takeChangedLatest().tick().sequence()).isEqualTo(100);
    assertThat(fold.takeChangedLatest()).isNull();
    assertThat(fold.watermark()).isEqualTo(MINUTE + 2 - 120_000);
    assertThat(fold.counts().duplicates()).isEqualTo(2);
    assertThat(fold.counts().ticks()).isEqualTo(2);
  }

  /** A sweep has one time. Its trades that came by repair have an earlier session. */
  @Test
  void tradesOfOneMillisecondAreOrderedByTradeId() {
    fold.add(trade(MINUTE, SESSION, 0, "101", "2"));
    fold.add(trade(MINUTE, SESSION, 1, "103", "4"));
    fold.add(trade(MINUTE, 1, 100, "100", "1", TickOrigin.REPAIR));
    fold.add(trade(MINUTE, 1, 102, "102", "3", TickOrigin.REPAIR));

    Candle candle = onlyCandle();
    assertThat(candle.open()).isEqualTo("1");
    assertThat(candle.close()).isEqualTo("4");
    assertThat(fold.takeChangedLatest().tick().tradeId()).isEqualTo("103");
  }

  /** A record of a forgotten session is not counted, so a repair of its trade still is. */
  @Test
  void aForgottenSessionCountsNoTradeIds() {
    for (int session = 1; session <= 16; session++) {
      fold.add(trade(MINUTE, SESSION + session, 0, "" + (100 + session), "2"));
    }
    fold.add(trade(MINUTE, SESSION, 0, "100", "2"));
    fold.add(trade(MINUTE, SESSION + 17, 0, "100", "2"));

    assertThat(fold.counts().forgotten()).isEqualTo(1);
    assertThat(fold.counts().ticks()).isEqualTo(17);
  }

  @Test
  void idsThatAreNotNumbersAreNotCompared() {
    fold.add(trade(MINUTE, SESSION, 0, "a1", "2"));
    fold.add(trade(MINUTE, SESSION, 1, "a1", "2"));
    fold.add(trade(MINUTE, SESSION, 2, "007", "2"));
    fold.add(trade(MINUTE, SESSION, 3, "7", "2"));

    assertThat(onlyCandle().trades()).isEqualTo(4);
  }

  @Test
  void repairedAndLiveTicksMayAlternate() {
    for (int i = 0; i < 50; i++) {
      fold.add(trade(MINUTE + i, SESSION, i, "" + (1_000 + i), "2"));
      fold.add(repaired(MINUTE + i, 100 + i));
    }
    fold.add(trade(MINUTE + 49, SESSION, 49, "1049", "2"));

    assertThat(onlyCandle().trades()).isEqualTo(100);
    assertThat(fold.counts().duplicates()).isEqualTo(1);
    assertThat(fold.counts().forgotten()).isZero();
  }

  /** Otherwise the candles would miss every trade until the old numbers are reached. */
  @Test
  void aNewerTradeWithACountedIdStartsTheNumbersOver() {
    fold.add(trade(MINUTE, SESSION, 0, "1000", "2"));
    fold.add(trade(MINUTE + 1, SESSION, 1, "1001", "2"));
    fold.add(trade(MINUTE + 1, SESSION + 1, 0, "1000", "2"));
    fold.add(trade(MINUTE + 2, SESSION + 2, 0, "1000", "2"));
    fold.add(trade(MINUTE + 2, SESSION + 2, 1, "1001", "2"));
    fold.add(trade(MINUTE + 2, SESSION + 3, 0, "1000", "2"));

    assertThat(onlyCandle().trades()).isEqualTo(4);
    assertThat(fold.counts().duplicates()).isEqualTo(2);
  }

  /** A new id may be far below the old ones. No trade with it was ever counted. */
  @Test
  void holesInNumbersThatStartedOverAreNoticed() {
    fold.add(trade(MINUTE + 9_000, SESSION, 0, "1000", "2"));
    fold.add(trade(MINUTE + 10_000, SESSION, 1, "1001", "2"));
    fold.add(trade(MINUTE + 20_000, SESSION, 2, "1", "2"));
    fold.add(trade(MINUTE + 21_000, SESSION, 3, "2", "2"));
    fold.add(trade(MINUTE + 25_000, SESSION, 4, "5", "2"));
    fold.add(trade(MINUTE + 600_000, SESSION, 5, "6", "2"));
    fold.takeChangedCandles("finnhub", "AAPL");
    fold.add(repaired(MINUTE + 22_000, 3));
    fold.add(repaired(MINUTE + 22_000, 4));

    assertThat(onlyCandle().trades()).isEqualTo(7);
    assertThat(fold.counts().late()).isZero();
  }

  /** Only a trade that is newer than all others says so. */
  @Test
  void aLateTradeWithALowIdDoesNotStartTheNumbersOver() {
    fold.add(trade(MINUTE, SESSION, 0, "1000", "2"));
    fold.add(trade(MINUTE + 20, SESSION, 1, "1003", "2"));
    fold.add(trade(MINUTE + 30, SESSION, 2, "1001", "2"));
    fold.add(repaired(MINUTE, 999));
    fold.add(repaired(MINUTE, 1_000));

    assertThat(onlyCandle().trades()).isEqualTo(4);
    assertThat(fold.counts().duplicates()).isEqualTo(1);
  }

  /** All repaired trades have one session, and an earlier gap may be repaired after a later one. */
  @Test
  void repairsMayComeInAnyOrder() {
    fold.add(trade(MINUTE, SESSION, 0, "1000", "2"));
    for (int run = 40; run >= 1; run--) {
      fold.add(repaired(MINUTE, 100 + run));
      fold.add(repaired(MINUTE, 100 + run));
    }
    fold.add(trade(MINUTE, SESSION, 1, "1001", "2"));

    assertThat(fold.counts().ticks()).isEqualTo(42);
    assertThat(fold.counts().duplicates()).isEqualTo(40);
    assertThat(fold.counts().forgotten()).isZero();
  }

  /** A repaired trade has the session 1 and its id as sequence. */
  private static Tick repaired(long eventTime, long id) {
    return trade(eventTime, 1, id, "" + id, "2", TickOrigin.REPAIR);
  }

  private static Tick trade(
      long eventTime, long session, long sequence, String tradeId, String price) {
    return trade(eventTime, session, sequence, tradeId, price, TickOrigin.LIVE);
  }

  private static Tick trade(
      long eventTime,
      long session,
      long sequence,
      String tradeId,
      String price,
      TickOrigin origin) {
    return new Tick(
        new RecordPosition("market_data", 0, sequence),
        "finnhub",
        "AAPL",
        TickKind.TRADE,
        price,
        "1",
        null,
        eventTime,
        eventTime,
        session,
        sequence,
        tradeId,
        TradeSide.BUY,
        origin);
  }

  private void add(long eventTime, String price, String volume, String... conditions) {
    fold.add(tick(eventTime, SESSION, sequence++, TickKind.TRADE, price, volume, conditions));
  }

  private static Tick tick(
      long eventTime,
      long session,
      long sequence,
      TickKind kind,
      String price,
      String volume,
      String... conditions) {
    return new Tick(
        new RecordPosition("market_data", 0, sequence),
        "finnhub",
        "AAPL",
        kind,
        price,
        volume,
        conditions.length == 0 ? null : List.of(conditions),
        eventTime,
        eventTime,
        session,
        sequence);
  }

  private Candle onlyCandle() {
    List<Candle> changed = fold.takeChangedCandles("finnhub", "AAPL");
    assertThat(changed).hasSize(1);
    return changed.get(0);
  }

  private static BigDecimal dec(String text) {
    return new BigDecimal(text);
  }
}
