package io.marketstream.auditor.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A heartbeat of a connector.
 *
 * @param sentAt epoch ms
 * @param isConnected whether it was connected to its feed
 */
record Heartbeat(String source, long sentAt, boolean isConnected) {
  /** Reads a heartbeat; empty if the record is not one. */
  static Optional<Heartbeat> of(JsonNode record) {
    return record.path("source").isTextual() && record.path("sent_at").isIntegralNumber()
        ? Optional.of(
            new Heartbeat(
                record.get("source").textValue(),
                record.get("sent_at").longValue(),
                record.path("connected").asBoolean(true)))
        : Optional.empty();
  }
}
