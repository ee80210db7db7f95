package io.marketstream.auditor;

import java.util.List;

/**
 * One thing that is wrong.
 *
 * @param count of ticks or rows that are concerned, at least 1
 * @param what it is, in one line
 * @param way through the pipeline, a line a station
 */
public record Finding(
    FindingKind kind, SymbolKey symbol, long count, String what, List<String> way) {
  public Finding {
    way = List.copyOf(way);
  }

  /** Whether both looks found the same. */
  public boolean isSameAs(Finding other) {
    return kind == other.kind && symbol.equals(other.symbol) && what.equals(other.what);
  }
}
