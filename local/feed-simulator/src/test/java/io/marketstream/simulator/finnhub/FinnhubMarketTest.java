package io.marketstream.simulator.finnhub;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.simulator.market.EventTimes;
import io.marketstream.simulator.market.MarketHours;
import io.marketstream.simulator.market.SimTick;
import io.marketstream.simulator.market.SimTrade;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FinnhubMarketTest {

  private static final long SEED = 20261123;
  private static final Set<String> SYMBOLS =
      new LinkedHashSet<>(
          List.of(
              "AAPL",
              "TSLA",
              "BRK.B",
              "BINANCE:BTCUSDT",
              "BINANCE:PEPEUSDT",
              "OANDA:EUR_USD",
              "NEWCO"));

  private static List<SimTrade> trades(Set<String> symbols, int count, int flush) {
    FinnhubMarket market = new FinnhubMarket(SEED);
    market.use(symbols);
    List<SimTrade> trades = new ArrayList<>();
    for (int second = 0; trades.size() < count; second++) {
      for (List<? extends SimTick> message :
          market.next(flush, 1_000_000 + second * 1000L, 1_001_000 + second * 1000L)) {
        assertThat(message).hasSizeBetween(1, 10);
        message.forEach(tick -> trades.add((SimTrade) tick));
      }
    }
    return trades;
  }

  private static List<String> series(List<SimTrade> trades, String symbol) {
    // Identical repetitions come from the message, not from the random walk.
    List<String> series = new ArrayList<>();
    SimTrade last = null;
    for (SimTrade trade : trades) {
      if (trade.symbol().equals(symbol) && !trade.equals(last)) {
        series.add(trade.price() + "x" + trade.volume() + trade.conditions());
      }
      last = trade;
    }
    return series;
  }

  @Test
  void aSeedGivesTheSameTradesWhateverTheFlushes() {
    List<SimTrade> all = trades(SYMBOLS, 3_000, 57);
    assertThat(trades(SYMBOLS, 3_000, 57)).isEqualTo(all);
    List<String> mixed = series(all, "TSLA");
    List<String> alone = series(trades(Set.of("TSLA"), 3_000, 23), "TSLA");
    assertThat(alone).as("seed %s", SEED).hasSizeGreaterThan(mixed.size());
    assertThat(alone.subList(0, 200)).isEqualTo(mixed.subList(0, 200));
  }

  @Test
  void everySymbolTicksAndLooksLikeItsKind() {
    List<SimTrade> all = trades(SYMBOLS, 5_000, 57);
    assertThat(all.stream().map(SimTrade::symbol).collect(Collectors.toSet())).isEqualTo(SYMBOLS);
    for (SimTrade trade : all) {
      assertThat(trade.price())
          .as("seed %s: %s", SEED, trade)
          .matches("(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?");
      assertThat(trade.volume())
          .as("seed %s: %s", SEED, trade)
          .matches("(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?");
      boolean stock = !trade.symbol().contains(":");
      assertThat(trade.conditions() != null).isEqualTo(stock);
      assertThat(trade.conditionsPresent()).isTrue();
      if (stock) {
        assertThat(trade.volume()).doesNotContain(".");
        assertThat(trade.price()).matches("[0-9]+(\\.[0-9]{1,4})?");
      }
      if (trade.symbol().startsWith("OANDA:")) {
        assertThat(trade.volume()).isEqualTo("0");
      }
    }
  }

  @Test
  void timesRepeatAndGoBackwardsAndTradesRepeat() {
    List<SimTrade> all = trades(SYMBOLS, 5_000, 57);
    assertThat(pairs(all, (a, b) -> a.timeMs() == b.timeMs())).isPositive();
    assertThat(pairs(all, (a, b) -> a.timeMs() > b.timeMs())).isPositive();
    assertThat(pairs(all, SimTrade::equals)).isPositive();
    assertThat(
            all.stream()
                .filter(trade -> trade.volume().equals("0") && !trade.symbol().contains(":")))
        .isNotEmpty();
    Function<SimTrade, List<String>> conditions = SimTrade::conditions;
    assertThat(all.stream().map(conditions)).contains(List.of("1", "8", "24", "12"));
  }

  /** A market whose day lasts 100 s: it opens at 25 s and closes at 85 s. */
  private static FinnhubMarket withHours(EventTimes eventTimes) {
    return new FinnhubMarket(
        SEED, Optional.of(MarketHours.everyDayLasting(Duration.ofSeconds(100))), eventTimes, 0);
  }

  private static List<SimTrade> seconds(FinnhubMarket market, int from, int to) {
    List<SimTrade> trades = new ArrayList<>();
    for (int second = from; second < to; second++) {
      for (List<? extends SimTick> message :
          market.next(57, second * 1000L, (second + 1) * 1000L)) {
        assertThat(message).hasSizeBetween(1, 10);
        message.forEach(tick -> trades.add((SimTrade) tick));
      }
    }
    return trades;
  }

  private static long withCode(List<SimTrade> trades, String code) {
    return trades.stream()
        .filter(trade -> trade.conditions() != null && trade.conditions().contains(code))
        .count();
  }

  @Test
  void aDayHasAuctionsAndCodesOfItsSessions() {
    FinnhubMarket market = withHours(EventTimes.ON_TIME);
    market.use(new LinkedHashSet<>(List.of("AAPL", "KO", "BINANCE:BTCUSDT")));

    List<SimTrade> preMarket = seconds(market, 0, 23);
    List<SimTrade> opening = seconds(market, 23, 26);
    List<SimTrade> regular = seconds(market, 26, 83);
    List<SimTrade> closing = seconds(market, 83, 86);
    List<SimTrade> afterHours = seconds(market, 86, 99);

    for (List<SimTrade> extended : List.of(preMarket, afterHours)) {
      List<SimTrade> stocks = extended.stream().filter(t -> t.conditions() != null).toList();
      assertThat(stocks).isNotEmpty().allMatch(trade -> trade.conditions().contains("24"));
      assertThat(extended.size()).isGreaterThan(5 * stocks.size());
    }
    assertThat(withCode(regular, "24")).isZero();
    assertThat(withCode(regular, "1")).isGreaterThan(regular.size() / 3);
    assertThat(withCode(opening, "19")).isEqualTo(2);
    assertThat(withCode(opening, "20")).isEqualTo(2);
    assertThat(withCode(closing, "36")).as("Nasdaq").isEqualTo(1);
    assertThat(withCode(closing, "35")).as("NYSE").isEqualTo(1);
    assertThat(withCode(closing, "16")).isEqualTo(2);
    SimTrade auction =
        closing.stream().filter(t -> List.of("36").equals(t.conditions())).findFirst().get();
    assertThat(auction.symbol()).isEqualTo("AAPL");
    assertThat(Long.parseLong(auction.volume())).isGreaterThanOrEqualTo(50_000);
  }

  @Test
  void aClosedMarketTradesNoStocks() {
    long sunday = Instant.parse("2026-11-29T15:00:00Z").toEpochMilli();
    FinnhubMarket market =
        new FinnhubMarket(SEED, Optional.of(MarketHours.newYork()), EventTimes.ON_TIME, 0);
    market.use(Set.of("AAPL"));
    assertThat(market.next(57, sunday, sunday + 1000)).isEmpty();
    market.use(Set.of("AAPL", "BINANCE:BTCUSDT"));
    for (List<? extends SimTick> message : market.next(57, sunday + 1000, sunday + 2000)) {
      assertThat(message).allMatch(tick -> tick.symbol().equals("BINANCE:BTCUSDT"));
    }
  }

  @Test
  void aShareOfTheTradesIsLateAndMarkedForStocks() {
    FinnhubMarket market = withHours(EventTimes.ON_TIME.withLateTrades(0.1, Duration.ofMinutes(5)));
    market.use(Set.of("AAPL", "BINANCE:BTCUSDT"));
    List<SimTrade> trades = seconds(market, 26, 80);
    long late = withCode(trades, "30");
    assertThat(late).isBetween(trades.size() / 40L, trades.size() / 8L);
    for (int i = 0; i < trades.size(); i++) {
      SimTrade trade = trades.get(i);
      long second = 26L + i / 57;
      if (trade.conditions() != null && trade.conditions().contains("30")) {
        assertThat(second * 1000 - trade.timeMs()).isBetween(-1_000L, 301_000L);
      }
    }
  }

  @Test
  void aDelayedFeedAndAWrongClockMoveEveryTrade() {
    FinnhubMarket late = withHours(EventTimes.ON_TIME.withDelay(Duration.ofMinutes(40)));
    FinnhubMarket ahead = withHours(EventTimes.ON_TIME.withClockSkew(Duration.ofSeconds(7)));
    FinnhubMarket onTime = withHours(EventTimes.ON_TIME);
    for (FinnhubMarket market : List.of(late, ahead, onTime)) {
      market.use(Set.of("AAPL"));
    }
    List<SimTrade> expected = seconds(onTime, 26, 30);
    assertThat(seconds(late, 26, 30))
        .extracting(trade -> trade.timeMs() + 2_400_000)
        .isEqualTo(expected.stream().map(SimTrade::timeMs).toList());
    assertThat(seconds(ahead, 26, 30))
        .extracting(trade -> trade.timeMs() - 7_000)
        .isEqualTo(expected.stream().map(SimTrade::timeMs).toList());
  }

  @Test
  void conditionsCanBeAbsent() {
    FinnhubMarket market = new FinnhubMarket(SEED, Optional.empty(), EventTimes.ON_TIME, 1);
    market.use(Set.of("BINANCE:BTCUSDT", "AAPL"));
    for (SimTrade trade : seconds(market, 0, 3)) {
      assertThat(trade.conditionsPresent()).isEqualTo(trade.conditions() != null);
    }
  }

  private static long pairs(List<SimTrade> trades, BiPredicate<SimTrade, SimTrade> holds) {
    long count = 0;
    for (int i = 1; i < trades.size(); i++) {
      if (holds.test(trades.get(i - 1), trades.get(i))) {
        count++;
      }
    }
    return count;
  }
}
