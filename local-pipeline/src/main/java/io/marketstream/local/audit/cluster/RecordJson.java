package io.marketstream.local.audit.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.marketstream.local.audit.Reject;
import io.marketstream.local.audit.SymbolKey;
import io.marketstream.local.audit.Tick;
import io.marketstream.local.audit.TickId;
import io.marketstream.local.audit.TopicPlace;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Records of the topics as JSON, with schemas or without. What is none is empty. */
final class RecordJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ORIGIN = Pattern.compile("(.+)-(\\d+)-(\\d+)");

  private RecordJson() {}

  /** The object; missing where the bytes are none. */
  static JsonNode parse(byte[] value) {
    try {
      JsonNode node = value == null ? MissingNode.getInstance() : JSON.readTree(value);
      return node.has("schema") && node.has("payload") ? node.get("payload") : node;
    } catch (IOException e) {
      return MissingNode.getInstance(); // whatever it is, it is no record of ours
    }
  }

  static Optional<SymbolKey> key(JsonNode record) {
    return record.path("source").isTextual() && record.path("symbol").isTextual()
        ? Optional.of(
            new SymbolKey(
                record.get("source").textValue().intern(),
                record.get("symbol").textValue().intern()))
        : Optional.empty();
  }

  static Optional<TickId> id(JsonNode record) {
    return record.path("session").isIntegralNumber() && record.path("sequence").isIntegralNumber()
        ? Optional.of(
            new TickId(record.get("session").longValue(), record.get("sequence").longValue()))
        : Optional.empty();
  }

  static Optional<Tick> tick(JsonNode record) {
    if (id(record).isEmpty()
        || !record.path("price").isTextual()
        || !record.path("kind").isTextual()
        || !record.path("event_time").isIntegralNumber()
        || !record.path("received_at").isIntegralNumber()) {
      return Optional.empty();
    }
    List<String> conditions = new ArrayList<>();
    record.path("conditions").forEach(code -> conditions.add(code.asText()));
    try {
      return Optional.of(
          new Tick(
              id(record).get(),
              record.get("event_time").longValue(),
              record.get("received_at").longValue(),
              record.get("kind").textValue().intern(),
              new BigDecimal(record.get("price").textValue()),
              record.path("volume").isTextual()
                  ? new BigDecimal(record.get("volume").textValue())
                  : null,
              conditions));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** A reject of the job; rejects of connectors name no record. */
  static Optional<Reject> reject(JsonNode record) {
    Matcher origin = ORIGIN.matcher(record.path("origin").asText());
    if (!origin.matches()) {
      return Optional.empty();
    }
    JsonNode rejected = rejected(record);
    return Optional.of(
        new Reject(
            rejected.path("symbol").textValue(),
            id(rejected).orElse(null),
            new TopicPlace(
                origin.group(1),
                Integer.parseInt(origin.group(2)),
                Long.parseLong(origin.group(3))),
            record.path("reason").asText(),
            record.path("detail").asText()));
  }

  /** The text that was rejected, as a record; missing where it is none. */
  static JsonNode rejected(JsonNode reject) {
    try {
      return JSON.readTree(reject.path("input").asText());
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
