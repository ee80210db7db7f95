package io.marketstream.auditor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The findings of one symbol. Beyond a bound per kind they are counted in the last one alone: a
 * table that lost a day must not fill the memory with complaints.
 */
final class Findings {
  private static final int TOLD_PER_KIND = 100;

  private final SymbolKey symbol;
  private final Map<FindingKind, List<Finding>> told = new EnumMap<>(FindingKind.class);
  private final Map<FindingKind, Long> untold = new EnumMap<>(FindingKind.class);

  Findings(SymbolKey symbol) {
    this.symbol = symbol;
  }

  void add(FindingKind kind, long count, String what, Supplier<List<String>> way) {
    List<Finding> ofKind = told.computeIfAbsent(kind, none -> new ArrayList<>());
    if (ofKind.size() < TOLD_PER_KIND) {
      ofKind.add(new Finding(kind, symbol, count, what, way.get()));
    } else {
      untold.merge(kind, count, Long::sum);
    }
  }

  List<Finding> all() {
    List<Finding> all = new ArrayList<>();
    told.values().forEach(all::addAll);
    untold.forEach(
        (kind, count) ->
            all.add(new Finding(kind, symbol, count, count + " more of this kind", List.of())));
    return all;
  }
}
