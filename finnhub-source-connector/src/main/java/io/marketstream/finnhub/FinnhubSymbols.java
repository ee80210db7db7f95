package io.marketstream.finnhub;

import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the symbols subscribed to, whatever case Finnhub uses in a frame. Finnhub spells stocks in
 * upper case, and the symbols of some exchanges in lower or mixed case ({@code GEMINI:btcusd}). It
 * does not always use the case of the subscription. Immutable, for any thread.
 */
final class FinnhubSymbols {

  private final Map<String, String> exact = new HashMap<>();
  private final Map<String, String> byUpperCase = new HashMap<>();

  /**
   * @param configured the symbols, no two of them equal except for case
   */
  FinnhubSymbols(Collection<String> configured) {
    for (String symbol : configured) {
      exact.put(symbol, symbol);
      byUpperCase.put(upperCase(symbol), symbol);
    }
  }

  /** The symbol as it is configured; null if it was not subscribed to. */
  @Nullable String configured(String symbol) {
    String known = exact.get(symbol);
    return known == null ? byUpperCase.get(upperCase(symbol)) : known;
  }

  /** The symbol in upper case. */
  static String upperCase(String symbol) {
    return symbol.toUpperCase(Locale.ROOT);
  }
}
