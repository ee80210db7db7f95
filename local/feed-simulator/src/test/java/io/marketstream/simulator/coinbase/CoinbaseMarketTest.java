package io.marketstream.simulator.coinbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.simulator.market.SimMatch;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CoinbaseMarketTest {

  private static final long FROM = 1_790_732_077_000L;

  private static CoinbaseVenue venue(int maxTrades, String... products) {
    return new CoinbaseVenue(
        List.of(products).stream().map(CoinbaseProduct::of).toList(), maxTrades);
  }

  private static List<SimMatch> history(long seed, int perRound, String product) {
    CoinbaseVenue venue = venue(10_000, "BTC-USD", "ETH-USD");
    CoinbaseMarket market = new CoinbaseMarket(venue, seed);
    market.use(Set.of("BTC-USD", "ETH-USD"));
    for (int made = 0; made < 2_000; made += perRound) {
      market.next(perRound, FROM + made, FROM + made + perRound);
    }
    return venue.history(product);
  }

  private static List<String> content(List<SimMatch> trades, int count) {
    return trades.subList(0, count).stream()
        .map(
            trade ->
                trade.id()
                    + " "
                    + trade.makerSide()
                    + " "
                    + trade.size()
                    + " "
                    + trade.price()
                    + " "
                    + trade.takerOrderId())
        .toList();
  }

  @Test
  void aSeedGivesTheSameTradesAtAnyPace() {
    List<String> one = content(history(5, 1, "BTC-USD"), 500);
    assertThat(content(history(5, 50, "BTC-USD"), 500)).isEqualTo(one);
    assertThat(content(history(6, 50, "BTC-USD"), 500)).isNotEqualTo(one);
  }

  @Test
  void theRateIsKeptAlthoughOrdersHaveSeveralFills() {
    CoinbaseVenue venue = venue(100_000, "BTC-USD");
    CoinbaseMarket market = new CoinbaseMarket(venue, 1);
    market.use(Set.of("BTC-USD"));
    for (int i = 0; i < 1_000; i++) {
      market.next(2, FROM + i, FROM + i + 1);
    }
    assertThat(venue.history("BTC-USD")).hasSizeBetween(2_000, 2_000 + ProductTape.MAX_FILLS);
  }

  @Test
  void timesRiseAndStayWithinTheRound() {
    List<SimMatch> trades = history(5, 10, "ETH-USD");
    assertThat(trades.stream().map(SimMatch::time)).isSorted();
    assertThat(trades)
        .allMatch(
            trade ->
                !trade.time().isBefore(Instant.ofEpochMilli(FROM))
                    && !trade.time().isAfter(Instant.ofEpochMilli(FROM + 2_000)));
  }

  @Test
  void theOldestTradesAreForgotten() {
    CoinbaseVenue venue = venue(10, "BTC-USD");
    CoinbaseMarket market = new CoinbaseMarket(venue, 1);
    market.makePast(25, Instant.ofEpochMilli(FROM));
    assertThat(venue.history("BTC-USD").stream().map(SimMatch::id))
        .hasSize(10)
        .contains(1_100_236_125L + 24)
        .doesNotContain(1_100_236_125L + 14);
  }

  @Test
  void aProductHasAHyphen() {
    assertThatThrownBy(() -> CoinbaseProduct.of("btc_usd"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("BTC-USD");
  }
}
