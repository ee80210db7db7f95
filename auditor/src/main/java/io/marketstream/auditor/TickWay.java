package io.marketstream.auditor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The way of a tick through the pipeline, a line a station. */
final class TickWay {
  private final SymbolEvidence evidence;
  private final Map<TickId, DeliveredTick> delivered;

  TickWay(SymbolEvidence evidence, Map<TickId, DeliveredTick> delivered) {
    this.evidence = evidence;
    this.delivered = delivered;
  }

  List<String> of(TickId id, List<TopicTick> records, List<TickRow> rows) {
    List<String> way = new ArrayList<>();
    if (evidence.delivered().isPresent()) {
      DeliveredTick sent = delivered.get(id);
      way.add("socket: " + (sent == null ? "not sent under this number" : "sent with " + sent));
    }
    if (evidence.topic().isPresent() && !records.isEmpty()) {
      way.add(
          "topic: "
              + String.join(
                  "; ", records.stream().map(copy -> copy.place() + ": " + copy.tick()).toList()));
    } else if (evidence.topic().isPresent() && rows.size() < 2) {
      way.add("topic: not there");
    }
    way.add("table: " + (rows.isEmpty() ? "not there" : rows));
    String symbol = evidence.key().symbol();
    Optional<Reject> reject =
        records.stream()
            .flatMap(record -> evidence.rejects().of(symbol, record).stream())
            .findFirst()
            .or(() -> evidence.rejects().of(symbol, id));
    reject.ifPresent(found -> way.add("rejected: " + found));
    return way;
  }
}
