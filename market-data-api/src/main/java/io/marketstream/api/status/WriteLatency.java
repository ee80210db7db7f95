package io.marketstream.api.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.marketstream.api.query.Latency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long the newest rows took from the socket to the table. */
final class WriteLatency {
  static final String NAME = "latency";

  /** Older rows do not say how fast the job is now: the market may be closed. */
  private static final Duration MAX_AGE = Duration.ofMinutes(10);

  private WriteLatency() {}

  static Section section(List<Latency.OfSource> found, Duration maxDelay, long now) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    if (found.isEmpty()) {
      return Section.of(
          NAME, List.of(), List.of(Section.Row.of("", "no tick is in the tables yet")), json);
    }
    List<Section.Row> rows = new ArrayList<>();
    for (Latency.OfSource each : found) {
      rows.add(
          Section.Row.of(
              each.medianMs() > maxDelay.toMillis()
                      && now - each.newestReceivedAt() < MAX_AGE.toMillis()
                  ? each.source() + ": the median is " + Words.duration(each.medianMs())
                  : "",
              each.source(),
              Words.duration(each.medianMs()),
              Words.duration(each.maxMs()),
              Words.number(each.rows()),
              Words.ago(each.newestReceivedAt(), now)));
      json.addObject()
          .put("source", each.source())
          .put("median_ms", each.medianMs())
          .put("max_ms", each.maxMs())
          .put("rows", each.rows())
          .put("newest_received_at", each.newestReceivedAt());
    }
    return Section.of(
        NAME, List.of("source", "median", "max", "newest rows", "last tick"), rows, json);
  }
}
