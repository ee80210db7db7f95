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

  /** The same of a part of the missing numbers. */
  private Finding of(MissingTicks part) {
    return part.equals(missing.orElse(null))
        ? this
        : new Finding(kind, symbol, object, Optional.of(part), part.count(), part.toString(), way);
  }

  /** What of this an earlier look had found as well. */
  List<Finding> foundIn(List<Finding> earlier) {
    List<Finding> alike = earlier.stream().filter(this::isAlike).toList();
    if (missing.isEmpty() || missing.get().session() == null) {
      return alike.stream().anyMatch(other -> object.equals(other.object))
          ? List.of(this)
          : List.of();
    }
    return alike.stream()
        .flatMap(other -> other.missing.flatMap(missing.get()::common).stream())
        .map(this::of)
        .toList();
  }

  private boolean isAlike(Finding other) {
    return kind == other.kind && symbol.equals(other.symbol);
  }
}
