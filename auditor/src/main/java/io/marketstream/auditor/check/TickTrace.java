package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.DeliveredTick;
import io.marketstream.auditor.evidence.Reject;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.TickRow;
import io.marketstream.auditor.evidence.TopicTick;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Describes the path of a tick through the pipeline, one line per stage: socket, topic, table. */
final class TickTrace {
  private final SymbolEvidence evidence;
  private final Map<TickId, DeliveredTick> delivered;

  TickTrace(SymbolEvidence evidence, Map<TickId, DeliveredTick> delivered) {
    this.evidence = evidence;
    this.delivered = delivered;
  }

  List<String> of(TickId id, List<TopicTick> records, List<TickRow> rows) {
    List<String> trace = new ArrayList<>();
    if (evidence.delivered().isPresent()) {
      DeliveredTick sent = delivered.get(id);
      trace.add("socket: " + (sent == null ? "not sent under this number" : "sent with " + sent));
    }
    if (evidence.topic().isPresent() && !records.isEmpty()) {
      trace.add(
          "topic: "
              + String.join(
                  "; ",
                  records.stream().map(copy -> copy.position() + ": " + copy.tick()).toList()));
    } else if (evidence.topic().isPresent() && rows.size() < 2) {
      trace.add("topic: not there");
    }
    trace.add("table: " + (rows.isEmpty() ? "not there" : rows));
    String symbol = evidence.key().symbol();
    Optional<Reject> reject =
        records.stream()
            .flatMap(record -> evidence.rejects().of(symbol, record).stream())
            .findFirst()
            .or(() -> evidence.rejects().of(symbol, id));
    reject.ifPresent(found -> trace.add("rejected: " + found));
    return trace;
  }
}
