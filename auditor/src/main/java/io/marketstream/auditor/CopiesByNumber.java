package io.marketstream.auditor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Every copy of a symbol's ticks by its number: at the socket, in the topic, in the table. */
final class CopiesByNumber {
  private static final Comparator<TickId> ORDER =
      Comparator.comparingLong(TickId::session).thenComparingLong(TickId::sequence);

  private final SymbolEvidence evidence;
  private final Map<TickId, DeliveredTick> delivered = new HashMap<>();
  private final Map<TickId, List<TopicTick>> topic = new HashMap<>();
  private final Map<TickId, List<Tick>> rows = new HashMap<>();
  private final Map<TickId, Reject> rejectsById = new HashMap<>();
  private final Map<TopicPlace, Reject> rejectsByPlace = new HashMap<>();

  CopiesByNumber(SymbolEvidence evidence) {
    this.evidence = evidence;
    evidence
        .delivered()
        .ifPresent(
            ticks ->
                ticks.stream()
                    .filter(tick -> tick.id() != null)
                    .forEach(tick -> delivered.put(tick.id(), tick)));
    evidence
        .topic()
        .ifPresent(known -> known.ticks().forEach(tick -> put(topic, tick.tick().id(), tick)));
    evidence.rows().forEach(row -> put(rows, row.id(), row));
    for (Reject reject : evidence.rejects()) {
      rejectsByPlace.put(reject.place(), reject);
      reject.tickOf(evidence.key().symbol()).ifPresent(tick -> rejectsById.put(tick, reject));
    }
  }

  private static <T> void put(Map<TickId, List<T>> map, TickId id, T copy) {
    List<T> copies = map.get(id);
    if (copies == null) {
      map.put(id, List.of(copy)); // the rule, and the smallest list
    } else {
      List<T> more = new ArrayList<>(copies);
      more.add(copy);
      map.put(id, List.copyOf(more));
    }
  }

  /** Null where nobody recorded it. */
  DeliveredTick delivered(TickId id) {
    return delivered.get(id);
  }

  List<TopicTick> inTopic(TickId id) {
    return topic.getOrDefault(id, List.of());
  }

  List<Tick> rows(TickId id) {
    return rows.getOrDefault(id, List.of());
  }

  Optional<Reject> reject(TickId id) {
    return Stream.concat(
            Stream.ofNullable(rejectsById.get(id)),
            inTopic(id).stream().map(copy -> rejectsByPlace.get(copy.place())))
        .filter(Objects::nonNull)
        .findFirst();
  }

  /** Numbers of rows, in order. */
  Set<TickId> storedNumbers() {
    return sorted(rows.keySet());
  }

  /** Numbers in the topic, in order. */
  Set<TickId> topicNumbers() {
    return sorted(topic.keySet());
  }

  private static Set<TickId> sorted(Set<TickId> ids) {
    Set<TickId> sorted = new TreeSet<>(ORDER);
    sorted.addAll(ids);
    return sorted;
  }

  /** The way of a tick through the pipeline, a line a station. */
  List<String> way(TickId id) {
    List<String> way = new ArrayList<>();
    if (evidence.delivered().isPresent()) {
      DeliveredTick sent = delivered(id);
      way.add("socket: " + (sent == null ? "not sent under this number" : "sent with " + sent));
    }
    if (evidence.topic().isPresent()) {
      way.add("topic: " + (inTopic(id).isEmpty() ? "not there" : topicPlaces(id)));
    }
    way.add("table: " + (rows(id).isEmpty() ? "not there" : rows(id)));
    reject(id).ifPresent(reject -> way.add("rejected: " + reject));
    return way;
  }

  private String topicPlaces(TickId id) {
    return String.join(
        "; ", inTopic(id).stream().map(copy -> copy.place() + ": " + copy.tick()).toList());
  }
}
