package io.marketstream.auditor.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.marketstream.auditor.Gap;
import io.marketstream.auditor.Reject;
import io.marketstream.auditor.SymbolKey;
import io.marketstream.auditor.Tick;
import io.marketstream.auditor.TickId;
import io.marketstream.auditor.TopicPlace;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Records of the topics as JSON, with schemas or without. What is none is empty. */
final class RecordJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ORIGIN = Pattern.compile("(.+)-(\\d+)-(\\d+)");

  private RecordJson() {}

  /** The object; missing where the bytes are not JSON in UTF-8. */
  static JsonNode parse(byte[] value) {
    if (value == null) {
      return MissingNode.getInstance();
    }
    if (!beginsAsUtf8(value)) {
      return MissingNode.getInstance();
    }
    try {
      JsonNode node = JSON.readTree(value);
      return node == null ? MissingNode.getInstance() : payload(node);
    } catch (IOException e) {
      return MissingNode.getInstance(); // whatever it is, it is no record of ours
    }
  }

  /** From bytes the parser guesses the encoding, and takes UTF-16 as well. */
  private static boolean beginsAsUtf8(byte[] value) {
    for (int i = 0; i < Math.min(4, value.length); i++) {
      if (value[i] <= 0) {
        return false; // JSON of UTF-16 or UTF-32 has zeros there, a byte order mark no ASCII
      }
    }
    return true;
  }

  private static JsonNode payload(JsonNode node) {
    return node.has("schema") && node.has("payload") ? node.get("payload") : node;
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

  static Optional<Gap> gap(JsonNode record) {
    if (!record.path("symbol").isTextual()
        || !record.path("cause").isTextual()
        || !record.path("gap_start").isIntegralNumber()
        || !record.path("session_before").isIntegralNumber()
        || !record.path("first_missing").isIntegralNumber()) {
      return Optional.empty();
    }
    return Optional.of(
        new Gap(
            record.get("symbol").textValue(),
            record.get("cause").textValue(),
            record.get("gap_start").longValue(),
            optionalLong(record, "gap_end"),
            record.get("session_before").longValue(),
            optionalLong(record, "session_after"),
            record.get("first_missing").longValue(),
            optionalLong(record, "dropped")));
  }

  private static Long optionalLong(JsonNode record, String field) {
    return record.path(field).isIntegralNumber() ? (Long) record.get(field).longValue() : null;
  }

  /**
   * A reject of the job; rejects of connectors name no record.
   *
   * @param gapsTopic rejects of its records are not judged
   */
  static Optional<Reject> reject(JsonNode record, RejectCheck check, String gapsTopic) {
    Matcher origin = ORIGIN.matcher(record.path("origin").asText());
    if (!origin.matches()) {
      return Optional.empty();
    }
    JsonNode rejected = rejected(record);
    String topic = origin.group(1);
    return Optional.of(
        new Reject(
            rejected.path("symbol").textValue(),
            id(rejected).orElse(null),
            optionalLong(rejected, "event_time"),
            new TopicPlace(
                topic, Integer.parseInt(origin.group(2)), Long.parseLong(origin.group(3))),
            record.path("reason").asText(),
            record.path("detail").asText(),
            topic.equals(gapsTopic) || !check.isFaultless(rejected)));
  }

  /**
   * What was rejected, as a record; missing where it is none. Of a value that is not valid UTF-8
   * whatever can be read.
   */
  static JsonNode rejected(JsonNode reject) {
    String input = reject.path("input").asText();
    try {
      byte[] value =
          reject.path("encoding").asText().equals("base64")
              ? Base64.getDecoder().decode(input)
              : input.getBytes(StandardCharsets.UTF_8);
      return payload(JSON.readTree(new String(value, StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException | JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
