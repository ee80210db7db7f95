package io.marketstream.auditor.evidence;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The rejects of the job, found by record position and by tick. Immutable. */
public final class Rejects implements Serializable {
  private static final long serialVersionUID = 1L;

  /** No rejects. */
  public static final Rejects NONE = new Rejects(List.of());

  private record OfSession(String symbol, long session) implements Serializable {}

  private final HashMap<RecordPosition, Reject> byPosition = new HashMap<>();
  private final HashMap<OfSession, TreeMap<Long, Reject>> byNumber = new HashMap<>();
  private final HashMap<String, ArrayList<Reject>> unjustified = new HashMap<>();

  public Rejects(Collection<Reject> rejects) {
    for (Reject reject : rejects) {
      byPosition.put(reject.position(), reject);
      if (reject.symbol() != null && reject.id() != null) {
        byNumber
            .computeIfAbsent(
                new OfSession(reject.symbol(), reject.id().session()), unseen -> new TreeMap<>())
            .put(reject.id().sequence(), reject);
      }
      if (reject.symbol() != null && !reject.isJustified()) {
        unjustified.computeIfAbsent(reject.symbol(), unseen -> new ArrayList<>()).add(reject);
      }
    }
  }

  public int size() {
    return byPosition.size();
  }

  /** Returns the reject of this record. */
  public Optional<Reject> of(String symbol, TopicTick record) {
    Reject reject = byPosition.get(record.position());
    return reject != null ? Optional.of(reject) : of(symbol, record.tick().id());
  }

  /**
   * Returns the reject of a tick. The symbol is needed, because all symbols have the same numbers.
   */
  public Optional<Reject> of(String symbol, TickId id) {
    return Optional.ofNullable(
        byNumber
            .getOrDefault(new OfSession(symbol, id.session()), new TreeMap<>())
            .get(id.sequence()));
  }

  /** Returns the reject of the record at this position. */
  public Optional<Reject> at(RecordPosition position) {
    return Optional.ofNullable(byPosition.get(position));
  }

  /** Returns the rejected numbers in a range, in ascending order. */
  public Collection<Long> numbers(String symbol, long session, long first, long last) {
    return byNumber
        .getOrDefault(new OfSession(symbol, session), new TreeMap<>())
        .subMap(first, true, last, true)
        .keySet();
  }

  /** Returns the rejects of records in which nothing is wrong. */
  public List<Reject> unjustified(String symbol) {
    return unjustified.getOrDefault(symbol, new ArrayList<>());
  }
}
