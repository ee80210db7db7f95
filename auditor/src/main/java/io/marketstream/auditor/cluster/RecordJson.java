package io.marketstream.auditor.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.Reject;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.model.Fields;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses JSON records of the topics, with or without schemas. The result is empty if a record is
 * not valid.
 */
final class RecordJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ORIGIN = Pattern.compile("(.+)-(\\d+)-(\\d+)");

  private RecordJson() {}

  /** Parses a value; the node is missing if the bytes are not JSON in UTF-8. */
  static JsonNode parse(byte @Nullable [] value) {
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
      return MissingNode.getInstance(); // not a record of the connectors or the job
    }
  }

  /** Rejects other encodings. The parser would guess UTF-16 and accept it. */
  private static boolean beginsAsUtf8(byte[] value) {
    for (int i = 0; i < Math.min(4, value.length); i++) {
      if (value[i] <= 0) {
        return false; // UTF-16 and UTF-32 have zeros here, a byte order mark is not ASCII
      }
    }
    return true;
  }

  private static JsonNode payload(JsonNode node) {
    return node.has("schema") && node.has("payload") ? node.get("payload") : node;
  }

  static Optional<SymbolKey> key(JsonNode record) {
    return record.path(Fields.SOURCE).isTextual() && record.path(Fields.SYMBOL).isTextual()
        ? Optional.of(
            new SymbolKey(
                record.get(Fields.SOURCE).textValue().intern(),
                record.get(Fields.SYMBOL).textValue().intern()))
        : Optional.empty();
  }

  static Optional<TickId> id(JsonNode record) {
    return record.path(Fields.SESSION).isIntegralNumber()
            && record.path(Fields.SEQUENCE).isIntegralNumber()
        ? Optional.of(
            new TickId(
                record.get(Fields.SESSION).longValue(), record.get(Fields.SEQUENCE).longValue()))
        : Optional.empty();
  }

  static Optional<Tick> tick(JsonNode record) {
    if (id(record).isEmpty()
        || !record.path(Fields.PRICE).isTextual()
        || !record.path(Fields.KIND).isTextual()
        || !record.path(Fields.EVENT_TIME).isIntegralNumber()
        || !record.path(Fields.RECEIVED_AT).isIntegralNumber()) {
      return Optional.empty();
    }
    List<String> conditions = new ArrayList<>();
    record.path(Fields.CONDITIONS).forEach(code -> conditions.add(code.asText()));
    try {
      return Optional.of(
          new Tick(
              id(record).get(),
              record.get(Fields.EVENT_TIME).longValue(),
              record.get(Fields.RECEIVED_AT).longValue(),
              record.get(Fields.KIND).textValue().intern(),
              new BigDecimal(record.get(Fields.PRICE).textValue()),
              record.path(Fields.VOLUME).isTextual()
                  ? new BigDecimal(record.get(Fields.VOLUME).textValue())
                  : null,
              conditions,
              record.path(Fields.TRADE_ID).textValue(),
              record.path(Fields.SIDE).textValue(),
              record.path(Fields.ORIGIN).textValue()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  static Optional<Gap> gap(JsonNode record) {
    if (!record.path(Fields.SYMBOL).isTextual()
        || !record.path(Fields.CAUSE).isTextual()
        || !record.path(Fields.GAP_START).isIntegralNumber()
        || !record.path(Fields.SESSION_BEFORE).isIntegralNumber()
        || !record.path(Fields.FIRST_MISSING).isIntegralNumber()) {
      return Optional.empty();
    }
    return Optional.of(
        new Gap(
            record.get(Fields.SYMBOL).textValue(),
            record.get(Fields.CAUSE).textValue(),
            record.get(Fields.GAP_START).longValue(),
            optionalLong(record, Fields.GAP_END),
            record.get(Fields.SESSION_BEFORE).longValue(),
            optionalLong(record, Fields.SESSION_AFTER),
            record.get(Fields.FIRST_MISSING).longValue(),
            optionalLong(record, Fields.DROPPED),
            record.path(Fields.FIRST_MISSING_ID).textValue(),
            record.path(Fields.LAST_MISSING_ID).textValue(),
            optionalLong(record, Fields.REPAIRED_AT)));
  }

  private static @Nullable Long optionalLong(JsonNode record, String field) {
    return record.path(field).isIntegralNumber() ? (Long) record.get(field).longValue() : null;
  }

  /**
   * Reads a reject of the job; empty for a reject of a connector, which names no record.
   *
   * @param gapsTopic rejects of its records are not judged
   */
  static Optional<Reject> reject(JsonNode record, RejectCheck check, String gapsTopic) {
    Matcher origin = ORIGIN.matcher(record.path(Fields.ORIGIN).asText());
    if (!origin.matches()) {
      return Optional.empty();
    }
    JsonNode rejected = rejected(record);
    String topic = origin.group(1);
    return Optional.of(
        new Reject(
            rejected.path(Fields.SYMBOL).textValue(),
            id(rejected).orElse(null),
            optionalLong(rejected, Fields.EVENT_TIME),
            new RecordPosition(
                topic, Integer.parseInt(origin.group(2)), Long.parseLong(origin.group(3))),
            record.path(Fields.REASON).asText(),
            record.path(Fields.DETAIL).asText(),
            topic.equals(gapsTopic) || !check.isFaultless(rejected)));
  }

  /**
   * Returns the rejected record; missing if it is not JSON. Invalid UTF-8 is decoded as far as
   * possible.
   */
  static JsonNode rejected(JsonNode reject) {
    String input = reject.path(Fields.INPUT).asText();
    try {
      byte[] value =
          reject.path(Fields.ENCODING).asText().equals("base64")
              ? Base64.getDecoder().decode(input)
              : input.getBytes(StandardCharsets.UTF_8);
      return payload(JSON.readTree(new String(value, StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException | JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
