package io.marketstream.auditor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The findings of one look, to tell which findings of a later look are the same. */
final class EarlierLook {
  private record Named(FindingKind kind, SymbolKey symbol, String object) {}

  private record OfSession(SymbolKey symbol, long session) {}

  private final Set<Named> named = new HashSet<>();
  private final Map<OfSession, TreeMap<Long, MissingTicks>> missing = new HashMap<>();

  EarlierLook(List<Finding> findings) {
    for (Finding finding : findings) {
      finding
          .numbered()
          .ifPresentOrElse(
              numbers -> ofSession(finding.symbol(), numbers).put(numbers.first(), numbers),
              () -> named.add(name(finding)));
    }
  }

  /** What of a later finding was found here as well: nothing, all, or some of its numbers. */
  List<Finding> lasting(Finding later) {
    Optional<MissingTicks> numbers = later.numbered();
    if (numbers.isEmpty()) {
      return named.contains(name(later)) ? List.of(later) : List.of();
    }
    TreeMap<Long, MissingTicks> earlier = ofSession(later.symbol(), numbers.get());
    Long first = earlier.floorKey(numbers.get().first());
    List<Finding> lasting = new ArrayList<>();
    earlier
        .subMap(first == null ? numbers.get().first() : first, true, numbers.get().last(), true)
        .values()
        .forEach(range -> numbers.get().common(range).map(later::of).ifPresent(lasting::add));
    return lasting;
  }

  private TreeMap<Long, MissingTicks> ofSession(SymbolKey symbol, MissingTicks numbers) {
    return missing.computeIfAbsent(
        new OfSession(symbol, numbers.session()), unseen -> new TreeMap<>());
  }

  private static Named name(Finding finding) {
    return new Named(finding.kind(), finding.symbol(), finding.object());
  }
}
