package io.marketstream.finnhub;

import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The symbols subscribed to, found in whatever case Finnhub answers. It spells stocks in upper case
 * and the symbols of some exchanges in lower or mixed case ({@code GEMINI:btcusd}), and does not
 * always answer in the case that it was asked in. Immutable: any thread.
 */
final class FinnhubSymbols {

  private final Map<String, String> exact = new HashMap<>();
  private final Map<String, String> byUpperCase = new HashMap<>();

  /**
   * @param configured no two of them equal but for case
   */
  FinnhubSymbols(Collection<String> configured) {
    for (String symbol : configured) {
      exact.put(symbol, symbol);
      byUpperCase.put(upperCase(symbol), symbol);
    }
  }

  /** The symbol as it is configured; null if it was not subscribed to. */
  String configured(String symbol) {
    String known = exact.get(symbol);
    return known == null ? byUpperCase.get(upperCase(symbol)) : known;
  }

  static String upperCase(String symbol) {
    return symbol.toUpperCase(Locale.ROOT);
  }
}
