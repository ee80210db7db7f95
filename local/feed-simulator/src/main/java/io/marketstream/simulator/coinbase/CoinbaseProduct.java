package io.marketstream.simulator.coinbase;

import io.marketstream.simulator.market.Instrument;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A pair that the simulated venue trades.
 *
 * @param id base and quote currency, like {@code BTC-USD}
 * @param price its first price in quote currency
 * @param firstTradeId the number of its first trade
 * @param firstSequence the number of the first event of its order book
 * @param weight how often it trades, relative to the others
 */
record CoinbaseProduct(
    String id, double price, long firstTradeId, long firstSequence, double weight) {

  private static final Pattern ID = Pattern.compile("[A-Z0-9]+-[A-Z0-9]+");

  private static final String KNOWN =
      """
      BTC-USD 83335.51 1100236125 136998251639 10
      ETH-USD 2668.34 846149231 103492065393 7
      SOL-USD 119.15 356126308 32758982303 5
      XRP-USD 2.1874 208700412 21904533871 4
      DOGE-USD 0.18231 157311900 14408113320 2
      LTC-USD 91.22 131244018 16611002457 1
      LINK-USD 14.871 96510377 10893220145 1
      ADA-USD 0.6917 88012655 9120443900 1
      ETH-BTC 0.03202 69113204 8810451239 0.5
      YFI-BTC 0.82601 889760 451724584 0.2
      """;

  private static final Map<String, CoinbaseProduct> BY_ID =
      KNOWN
          .lines()
          .map(line -> line.split(" "))
          .map(
              cells ->
                  new CoinbaseProduct(
                      cells[0],
                      Double.parseDouble(cells[1]),
                      Long.parseLong(cells[2]),
                      Long.parseLong(cells[3]),
                      Double.parseDouble(cells[4])))
          .collect(Collectors.toUnmodifiableMap(CoinbaseProduct::id, Function.identity()));

  CoinbaseProduct {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("'" + id + "' is not a product. Write it like BTC-USD");
    }
  }

  /** The product with this id. If it is unknown, one is made up from the spelling. */
  static CoinbaseProduct of(String id) {
    CoinbaseProduct known = BY_ID.get(id);
    if (known != null) {
      return known;
    }
    int hash = id.hashCode() & 0x7FFF_FFFF;
    return new CoinbaseProduct(id, 5 + hash % 40_000 / 100.0, 1 + hash % 5_000_000, hash, 1);
  }

  CoinbaseProduct startingAt(long newFirstTradeId) {
    return new CoinbaseProduct(id, price, newFirstTradeId, firstSequence, weight);
  }

  String base() {
    return id.substring(0, id.indexOf('-'));
  }

  String quote() {
    return id.substring(id.indexOf('-') + 1);
  }

  /** How many decimals a price has; the scale of {@link Instrument.Kind#CRYPTO_PAIR}. */
  int priceScale() {
    if (price < 0.001) {
      return 8;
    }
    return price < 10 ? 5 : 2;
  }

  Instrument instrument() {
    return new Instrument(id, Instrument.Kind.CRYPTO_PAIR, price, weight);
  }
}
