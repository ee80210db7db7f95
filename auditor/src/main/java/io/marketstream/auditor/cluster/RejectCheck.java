package io.marketstream.auditor.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Whether a rejected record is surely a good tick. Where that is in doubt, for example because the
 * text was cut off, it is not.
 */
final class RejectCheck {
  private static final long EARLIEST = Instant.parse("1990-01-01T00:00:00Z").toEpochMilli();
  private static final long LATEST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
  private static final Pattern SOURCE = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,30}(\\.[0-9]{1,30})?");
  private static final int MAX_DIGITS = 40;
  private static final int MAX_SYMBOL = 256;
  private static final int MAX_CONDITIONS = 64;
  private static final int MAX_CONDITION = 64;

  private final OptionalLong futureToleranceMs;

  /**
   * @param futureToleranceMs the job's {@code --future-tolerance}; empty if it is not known
   */
  RejectCheck(OptionalLong futureToleranceMs) {
    this.futureToleranceMs = futureToleranceMs;
  }

  boolean isFaultless(JsonNode record) {
    return record.isObject()
        && isText(record, "source")
        && SOURCE.matcher(record.get("source").textValue()).matches()
        && isText(record, "symbol")
        && isSymbol(record.get("symbol").textValue())
        && isText(record, "kind")
        && (record.get("kind").textValue().equals("trade")
            || record.get("kind").textValue().equals("price"))
        && isDecimal(record.path("price"))
        && isVolume(record.path("volume"))
        && areConditions(record.path("conditions"))
        && isCount(record, "session")
        && isCount(record, "sequence")
        && areTimes(record);
  }

  private static boolean isText(JsonNode record, String field) {
    return record.path(field).isTextual();
  }

  private static boolean isSymbol(String symbol) {
    return !symbol.isBlank()
        && symbol.length() <= MAX_SYMBOL
        && symbol.chars().noneMatch(c -> Character.isSurrogate((char) c));
  }

  private static boolean isDecimal(JsonNode value) {
    return value.isTextual()
        && DECIMAL.matcher(value.textValue()).matches()
        && new BigDecimal(value.textValue()).stripTrailingZeros().precision() <= MAX_DIGITS;
  }

  private static boolean isVolume(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (isDecimal(value) && !value.textValue().startsWith("-"));
  }

  private static boolean areConditions(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return true;
    }
    boolean areCodes = value.isArray() && value.size() <= MAX_CONDITIONS;
    for (JsonNode code : value) {
      areCodes &= code.isTextual() && code.textValue().length() <= MAX_CONDITION;
    }
    return areCodes;
  }

  private static boolean isCount(JsonNode record, String field) {
    JsonNode value = record.path(field);
    return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0;
  }

  private boolean areTimes(JsonNode record) {
    for (String field : new String[] {"event_time", "received_at"}) {
      JsonNode value = record.path(field);
      if (!isCount(record, field) || value.longValue() < EARLIEST || value.longValue() > LATEST) {
        return false;
      }
    }
    long ahead = record.get("event_time").longValue() - record.get("received_at").longValue();
    return ahead <= futureToleranceMs.orElse(0);
  }
}
