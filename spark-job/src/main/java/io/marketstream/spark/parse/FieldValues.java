package io.marketstream.spark.parse;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.marketstream.spark.record.RejectReason;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The types and bounds of single fields, the same for ticks and gaps. */
final class FieldValues {
  private static final long EARLIEST = Instant.parse("1990-01-01T00:00:00Z").toEpochMilli();
  private static final long LATEST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
  private static final Pattern SOURCE = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final int MAX_SYMBOL = 256;
  private static final int MAX_CONDITIONS = 64;
  private static final int MAX_CONDITION = 64;

  private FieldValues() {}

  /** A text that must be there; null only for a JSON null, which counts as absent. */
  static String text(String field, JsonParser value) throws IOException, InvalidFieldException {
    return switch (value.currentToken()) {
      case VALUE_STRING -> value.getText();
      case VALUE_NULL -> null;
      default -> throw wrongType(field, "a text", value);
    };
  }

  /** A 64-bit integer; null only for a JSON null, which counts as absent. */
  static Long integer(String field, JsonParser value) throws IOException, InvalidFieldException {
    if (value.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (value.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw wrongType(field, "an integer", value);
    }
    if (value.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw badValue(field + " does not fit 64 bits");
    }
    return value.getLongValue();
  }

  /** A 64-bit integer that is not negative. */
  static Long count(String field, JsonParser value) throws IOException, InvalidFieldException {
    Long count = integer(field, value);
    if (count != null && count < 0) {
      throw badValue(field + " is negative: " + count);
    }
    return count;
  }

  /** An instant, epoch ms, between 1990 and 9999. */
  static Long instant(String field, JsonParser value) throws IOException, InvalidFieldException {
    Long millis = integer(field, value);
    if (millis != null && (millis < EARLIEST || millis > LATEST)) {
      throw new InvalidFieldException(
          RejectReason.IMPLAUSIBLE_TIME,
          field + " is " + (millis < EARLIEST ? "before 1990: " : "after 9999: ") + millis);
    }
    return millis;
  }

  static String source(JsonParser value) throws IOException, InvalidFieldException {
    String source = text("source", value);
    if (source != null && !SOURCE.matcher(source).matches()) {
      throw badValue("source is not " + SOURCE);
    }
    return source;
  }

  /**
   * A symbol: a partition key of every table, so it must fit one (64 KiB) and must be text that
   * UTF-8 can carry, or two symbols could become one.
   */
  static String symbol(JsonParser value) throws IOException, InvalidFieldException {
    String symbol = text("symbol", value);
    if (symbol != null) {
      if (symbol.isBlank()) {
        throw badValue("symbol is blank");
      }
      if (symbol.length() > MAX_SYMBOL) {
        throw badValue("symbol has " + symbol.length() + " characters");
      }
      if (hasLoneSurrogate(symbol)) {
        throw badValue("symbol holds half a surrogate pair");
      }
    }
    return symbol;
  }

  static String decimal(String field, JsonParser value) throws IOException, InvalidFieldException {
    String text = text(field, value);
    return text == null ? null : DecimalText.checked(field, text);
  }

  /** An array of texts, read to its end whatever is in it; null for a JSON null. */
  static List<String> conditions(JsonParser value) throws IOException, InvalidFieldException {
    if (value.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (value.currentToken() != JsonToken.START_ARRAY) {
      throw wrongType("conditions", "an array of texts", value);
    }
    List<String> codes = new ArrayList<>(4);
    InvalidFieldException invalid = null;
    int size = 0;
    while (value.nextToken() != JsonToken.END_ARRAY) {
      size++;
      if (value.currentToken() != JsonToken.VALUE_STRING) {
        invalid = wrongType("conditions", "an array of texts", value);
        value.skipChildren();
      } else if (value.getTextLength() > MAX_CONDITION) {
        invalid = badValue("a condition has " + value.getTextLength() + " characters");
      } else if (size <= MAX_CONDITIONS) {
        codes.add(value.getText());
      }
    }
    if (size > MAX_CONDITIONS) {
      invalid = badValue("conditions holds " + size + " codes");
    }
    if (invalid != null) {
      throw invalid;
    }
    return List.copyOf(codes);
  }

  /** The value itself, unless it is absent. */
  static <T> T required(String field, T value) throws InvalidFieldException {
    if (value == null) {
      throw new InvalidFieldException(RejectReason.MISSING_FIELD, field + " is missing");
    }
    return value;
  }

  static InvalidFieldException badValue(String detail) {
    return new InvalidFieldException(RejectReason.BAD_VALUE, detail);
  }

  /** The first characters of a text, without half a surrogate pair at the end. */
  static String cut(String text, int characters) {
    if (text == null || text.length() <= characters) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(characters - 1)) ? characters - 1 : characters;
    return text.substring(0, end);
  }

  private static InvalidFieldException wrongType(String field, String expected, JsonParser value) {
    return new InvalidFieldException(
        RejectReason.WRONG_TYPE,
        field + " is not " + expected + " but " + value.currentToken().name());
  }

  private static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}
