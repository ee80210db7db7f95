package io.marketstream.api.status;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.model.Fields;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest heartbeat of a source.
 *
 * @param sentAt epoch ms
 * @param lastTickAt epoch ms; null before the first tick
 * @param wanted how many symbols it subscribes to
 * @param refused how many of them the feed refuses
 * @param feedDelayMs median of {@code received_at} − {@code event_time}; null without ticks
 */
record Heartbeat(
    String source,
    long sentAt,
    @Nullable Long lastTickAt,
    boolean isConnected,
    int wanted,
    int refused,
    @Nullable Long feedDelayMs) {

  /** Reads a record, with or without its schema; empty if it is not a heartbeat. */
  static Optional<Heartbeat> of(JsonNode record) {
    JsonNode value = record.has("schema") && record.has("payload") ? record.get("payload") : record;
    if (!value.path(Fields.SOURCE).isTextual() || !value.path(Fields.SENT_AT).isIntegralNumber()) {
      return Optional.empty();
    }
    return Optional.of(
        new Heartbeat(
            value.get(Fields.SOURCE).textValue(),
            value.get(Fields.SENT_AT).longValue(),
            number(value, Fields.LAST_TICK_AT),
            value.path(Fields.CONNECTED).asBoolean(true),
            value.path(Fields.SUBSCRIPTIONS_WANTED).asInt(),
            value.path(Fields.SUBSCRIPTIONS_REFUSED).asInt(),
            number(value, Fields.FEED_DELAY_MS)));
  }

  private static @Nullable Long number(JsonNode value, String field) {
    return value.path(field).isIntegralNumber() ? (Long) value.get(field).longValue() : null;
  }
}
