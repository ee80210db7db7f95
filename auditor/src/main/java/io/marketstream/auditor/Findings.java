package io.marketstream.auditor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The findings of one symbol. Of each kind the first have their way through the pipeline, which is
 * long. What is beyond a bound is only counted: a table that lost a day must not fill the memory
 * with complaints.
 *
 * <p>Not thread-safe.
 */
final class Findings {
  private static final int WITH_THEIR_WAY = 100;
  private static final int KEPT_PER_KIND = 1_000;

  private final SymbolKey symbol;
  private final Map<FindingKind, Map<String, Finding>> kept = new EnumMap<>(FindingKind.class);
  private final Map<FindingKind, Long> beyond = new EnumMap<>(FindingKind.class);

  Findings(SymbolKey symbol) {
    this.symbol = symbol;
  }

  /** Something that is named by its description. */
  void add(FindingKind kind, long count, String what, Supplier<List<String>> way) {
    add(kind, what, count, what, way);
  }

  /** Something that is called {@code object} in every audit. */
  void add(FindingKind kind, String object, long count, String what, Supplier<List<String>> way) {
    Map<String, Finding> ofKind = kept.computeIfAbsent(kind, none -> new LinkedHashMap<>());
    if (ofKind.size() < KEPT_PER_KIND) {
      List<String> stations = ofKind.size() < WITH_THEIR_WAY ? way.get() : List.of();
      ofKind.put(object, new Finding(kind, symbol, object, count, what, stations));
    } else {
      beyond.merge(kind, count, Long::sum);
    }
  }

  /** Takes a finding back; false if there is none of this name. */
  boolean remove(FindingKind kind, String object) {
    Map<String, Finding> ofKind = kept.get(kind);
    return ofKind != null && ofKind.remove(object) != null;
  }

  /** Takes all findings of a kind back. */
  void removeAll(FindingKind kind) {
    kept.remove(kind);
    beyond.remove(kind);
  }

  List<Finding> all() {
    List<Finding> all = new ArrayList<>();
    kept.values().forEach(ofKind -> all.addAll(ofKind.values()));
    beyond.forEach(
        (kind, count) ->
            all.add(
                new Finding(
                    kind,
                    symbol,
                    "more of this kind",
                    count,
                    count + " more of this kind",
                    List.of())));
    return all;
  }
}
