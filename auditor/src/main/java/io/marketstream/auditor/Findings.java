package io.marketstream.auditor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The findings of one symbol. Of each kind the first have their way through the pipeline, which is
 * long. All have their identity, up to a bound: a table that lost a day must not fill the memory
 * with complaints.
 */
final class Findings {
  private static final int WITH_THEIR_WAY = 100;
  private static final int KEPT_PER_KIND = 20_000;

  private final SymbolKey symbol;
  private final Map<FindingKind, List<Finding>> kept = new EnumMap<>(FindingKind.class);
  private final Map<FindingKind, Long> beyond = new EnumMap<>(FindingKind.class);

  Findings(SymbolKey symbol) {
    this.symbol = symbol;
  }

  /** Something whose description is the same in each look. */
  void add(FindingKind kind, long count, String what, Supplier<List<String>> way) {
    add(kind, what, Optional.empty(), count, what, way);
  }

  /** Something that is called {@code object} in each look. */
  void add(FindingKind kind, String object, long count, String what, Supplier<List<String>> way) {
    add(kind, object, Optional.empty(), count, what, way);
  }

  /** Ticks that nothing explains. */
  void addMissing(MissingTicks missing, Supplier<List<String>> way) {
    add(
        FindingKind.UNEXPLAINED,
        missing.toString(),
        Optional.of(missing),
        missing.count(),
        missing.toString(),
        way);
  }

  private void add(
      FindingKind kind,
      String object,
      Optional<MissingTicks> missing,
      long count,
      String what,
      Supplier<List<String>> way) {
    List<Finding> ofKind = kept.computeIfAbsent(kind, none -> new ArrayList<>());
    if (ofKind.size() < KEPT_PER_KIND) {
      List<String> stations = ofKind.size() < WITH_THEIR_WAY ? way.get() : List.of();
      ofKind.add(new Finding(kind, symbol, object, missing, count, what, stations));
    } else {
      beyond.merge(kind, count, Long::sum);
    }
  }

  List<Finding> all() {
    List<Finding> all = new ArrayList<>();
    kept.values().forEach(all::addAll);
    beyond.forEach(
        (kind, count) ->
            all.add(
                new Finding(
                    kind,
                    symbol,
                    "more of this kind",
                    Optional.empty(),
                    count,
                    count + " more of this kind",
                    List.of())));
    return all;
  }
}
