package io.marketstream.auditor.report;

import io.marketstream.auditor.evidence.SymbolKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Collects the findings of one symbol. Only the first findings of each kind have a trace. Above a
 * limit, findings are only counted, so that a table that lost a day does not fill the memory.
 *
 * <p>Not thread-safe.
 */
public final class Findings {
  private static final int MAX_TRACES_PER_KIND = 100;
  private static final int MAX_FINDINGS_PER_KIND = 1_000;

  private final SymbolKey symbol;
  private final Map<FindingKind, Map<String, Finding>> kept = new EnumMap<>(FindingKind.class);
  private final Map<FindingKind, Long> omitted = new EnumMap<>(FindingKind.class);

  public Findings(SymbolKey symbol) {
    this.symbol = symbol;
  }

  /** Adds a finding that is identified by its description. */
  public void add(FindingKind kind, long count, String what, Supplier<List<String>> trace) {
    add(kind, what, count, what, trace);
  }

  /** Adds a finding that is called {@code object} in every audit. */
  public void add(
      FindingKind kind, String object, long count, String what, Supplier<List<String>> trace) {
    Map<String, Finding> ofKind = kept.computeIfAbsent(kind, none -> new LinkedHashMap<>());
    if (ofKind.size() < MAX_FINDINGS_PER_KIND) {
      List<String> lines = ofKind.size() < MAX_TRACES_PER_KIND ? trace.get() : List.of();
      ofKind.put(object, new Finding(kind, symbol, object, count, what, lines));
    } else {
      omitted.merge(kind, count, Long::sum);
    }
  }

  /** Removes a finding; returns false if there is none with this name. */
  public boolean remove(FindingKind kind, String object) {
    Map<String, Finding> ofKind = kept.get(kind);
    return ofKind != null && ofKind.remove(object) != null;
  }

  /** Removes all findings of a kind. */
  public void removeAll(FindingKind kind) {
    kept.remove(kind);
    omitted.remove(kind);
  }

  public List<Finding> all() {
    List<Finding> all = new ArrayList<>();
    kept.values().forEach(ofKind -> all.addAll(ofKind.values()));
    omitted.forEach(
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
