package io.marketstream.auditor.evidence;

import io.marketstream.model.Fields;
import java.io.Serializable;
import java.util.Comparator;

/**
 * One symbol of one source. Each is audited separately.
 *
 * @param symbol the symbol; {@link #ALL} for gaps that concern every symbol of the source
 */
public record SymbolKey(String source, String symbol)
    implements Comparable<SymbolKey>, Serializable {
  public static final String ALL = Fields.ALL_SYMBOLS;

  private static final Comparator<SymbolKey> ORDER =
      Comparator.comparing(SymbolKey::source).thenComparing(SymbolKey::symbol);

  /** The key of gaps that concern every symbol of a source. */
  public static SymbolKey all(String source) {
    return new SymbolKey(source, ALL);
  }

  @Override
  public int compareTo(SymbolKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return source + " " + symbol;
  }
}
