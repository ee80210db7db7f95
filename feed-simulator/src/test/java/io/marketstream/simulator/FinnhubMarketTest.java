package io.marketstream.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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
    // Byte-identical repetitions are the message's doing, not the walk's.
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
  void timesStandStillAndGoBackwardsAndTradesRepeatToTheByte() {
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
