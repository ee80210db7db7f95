package io.marketstream.auditor;

import java.util.List;
import java.util.Optional;

/**
 * One thing that is wrong.
 *
 * @param object what is wrong, among what the symbol has of this kind: the same in each look, while
 *     the description may change
 * @param missing the numbers that are missing, where that is what is wrong
 * @param count of ticks or rows that are concerned, at least 1
 * @param what the description, in one line
 * @param way through the pipeline, a line a station
 */
public record Finding(
    FindingKind kind,
    SymbolKey symbol,
    String object,
    Optional<MissingTicks> missing,
    long count,
    String what,
    List<String> way) {
  public Finding {
    way = List.copyOf(way);
  }

  /** The same, of a part of the missing numbers. */
  Finding of(MissingTicks part) {
    return part.equals(missing.orElse(null))
        ? this
        : new Finding(kind, symbol, object, Optional.of(part), part.count(), part.toString(), way);
  }

  /** The missing numbers, where their session is known; a number says nothing without it. */
  Optional<MissingTicks> numbered() {
    return missing.filter(numbers -> numbers.session() != null);
  }
}
