package io.marketstream.auditor.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.model.Fields;
import io.marketstream.model.Limits;
import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import io.marketstream.model.TradeSide;
import java.math.BigDecimal;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Decides whether a rejected record is certainly a valid tick. In doubt it is not, for example if
 * the text was cut off.
 */
final class RejectCheck {
  private static final Pattern SOURCE = Pattern.compile(Limits.SOURCE_PATTERN);
  private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,30}(\\.[0-9]{1,30})?");

  private final OptionalLong futureToleranceMs;

  /**
   * @param futureToleranceMs the job's {@code --future-tolerance}; empty if it is not known
   */
  RejectCheck(OptionalLong futureToleranceMs) {
    this.futureToleranceMs = futureToleranceMs;
  }

  boolean isFaultless(JsonNode record) {
    return record.isObject()
        && isText(record, Fields.SOURCE)
        && SOURCE.matcher(record.get(Fields.SOURCE).textValue()).matches()
        && isText(record, Fields.SYMBOL)
        && isSymbol(record.get(Fields.SYMBOL).textValue())
        && isText(record, Fields.KIND)
        && TickKind.ofWireName(record.get(Fields.KIND).textValue()).isPresent()
        && isDecimal(record.path(Fields.PRICE))
        && isVolume(record.path(Fields.VOLUME))
        && areConditions(record.path(Fields.CONDITIONS))
        && isCount(record, Fields.SESSION)
        && isCount(record, Fields.SEQUENCE)
        && isTradeId(record.path(Fields.TRADE_ID))
        && isNameOf(record.path(Fields.SIDE), name -> TradeSide.ofWireName(name).isPresent())
        && isNameOf(record.path(Fields.ORIGIN), name -> TickOrigin.ofWireName(name).isPresent())
        && areTimes(record);
  }

  private static boolean isText(JsonNode record, String field) {
    return record.path(field).isTextual();
  }

  private static boolean isSymbol(String symbol) {
    return !symbol.isBlank()
        && symbol.length() <= Limits.MAX_SYMBOL_LENGTH
        && symbol.chars().noneMatch(c -> Character.isSurrogate((char) c));
  }

  private static boolean isDecimal(JsonNode value) {
    return value.isTextual()
        && DECIMAL.matcher(value.textValue()).matches()
        && new BigDecimal(value.textValue()).stripTrailingZeros().precision()
            <= Limits.MAX_DECIMAL_DIGITS;
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
    boolean areCodes = value.isArray() && value.size() <= Limits.MAX_CONDITIONS;
    for (JsonNode code : value) {
      areCodes &= code.isTextual() && code.textValue().length() <= Limits.MAX_CONDITION_LENGTH;
    }
    return areCodes;
  }

  private static boolean isTradeId(JsonNode value) {
    return isNameOf(
        value,
        id ->
            id.length() <= Limits.MAX_TRADE_ID_LENGTH
                && id.chars().noneMatch(c -> Character.isSurrogate((char) c)));
  }

  /** Whether an optional field is absent, or a text that is accepted. */
  private static boolean isNameOf(JsonNode value, Predicate<String> accepted) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && accepted.test(value.textValue()));
  }

  private static boolean isCount(JsonNode record, String field) {
    JsonNode value = record.path(field);
    return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0;
  }

  private boolean areTimes(JsonNode record) {
    for (String field : new String[] {Fields.EVENT_TIME, Fields.RECEIVED_AT}) {
      JsonNode value = record.path(field);
      if (!isCount(record, field)
          || value.longValue() < Limits.MIN_TIME_MS
          || value.longValue() > Limits.MAX_TIME_MS) {
        return false;
      }
    }
    long ahead =
        record.get(Fields.EVENT_TIME).longValue() - record.get(Fields.RECEIVED_AT).longValue();
    return ahead <= futureToleranceMs.orElse(0);
  }
}
