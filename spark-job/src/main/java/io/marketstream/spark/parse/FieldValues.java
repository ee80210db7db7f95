package io.marketstream.spark.parse;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.marketstream.model.Fields;
import io.marketstream.model.Limits;
import io.marketstream.model.RejectReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads single fields and checks their types and limits, for ticks and gaps. */
final class FieldValues {
  private static final Pattern SOURCE = Pattern.compile(Limits.SOURCE_PATTERN);

  private FieldValues() {}

  /** Reads a text. Returns null for a JSON null, which counts as absent. */
  static @Nullable String text(String field, JsonParser value)
      throws IOException, InvalidFieldException {
    return switch (value.currentToken()) {
      case VALUE_STRING -> value.getText();
      case VALUE_NULL -> null;
      default -> throw wrongType(field, "a text", value);
    };
  }

  /** Reads a 64-bit integer. Returns null for a JSON null, which counts as absent. */
  static @Nullable Long integer(String field, JsonParser value)
      throws IOException, InvalidFieldException {
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

  /** Reads a 64-bit integer that is not negative. */
  static @Nullable Long count(String field, JsonParser value)
      throws IOException, InvalidFieldException {
    Long count = integer(field, value);
    if (count != null && count < 0) {
      throw badValue(field + " is negative: " + count);
    }
    return count;
  }

  /** Reads an instant between 1990 and 9999, in epoch ms. */
  static @Nullable Long instant(String field, JsonParser value)
      throws IOException, InvalidFieldException {
    Long millis = integer(field, value);
    if (millis != null && (millis < Limits.MIN_TIME_MS || millis > Limits.MAX_TIME_MS)) {
      throw new InvalidFieldException(
          RejectReason.IMPLAUSIBLE_TIME,
          field
              + " is "
              + (millis < Limits.MIN_TIME_MS ? "before 1990: " : "after 9999: ")
              + millis);
    }
    return millis;
  }

  static @Nullable String source(JsonParser value) throws IOException, InvalidFieldException {
    String source = text(Fields.SOURCE, value);
    if (source != null && !SOURCE.matcher(source).matches()) {
      throw badValue("source is not " + SOURCE);
    }
    return source;
  }

  /**
   * Reads a symbol, which is a partition key of the tables. It must fit into a key (64 KiB), and
   * UTF-8 must be able to encode it. Otherwise two symbols could become one.
   */
  static @Nullable String symbol(JsonParser value) throws IOException, InvalidFieldException {
    String symbol = text(Fields.SYMBOL, value);
    if (symbol != null) {
      if (symbol.isBlank()) {
        throw badValue("symbol is blank");
      }
      if (symbol.length() > Limits.MAX_SYMBOL_LENGTH) {
        throw badValue("symbol has " + symbol.length() + " characters");
      }
      if (hasLoneSurrogate(symbol)) {
        throw badValue("symbol contains half of a surrogate pair");
      }
    }
    return symbol;
  }

  /** Reads the venue's id of a trade. */
  static @Nullable String tradeId(String field, JsonParser value)
      throws IOException, InvalidFieldException {
    String id = text(field, value);
    if (id != null && id.length() > Limits.MAX_TRADE_ID_LENGTH) {
      throw new InvalidFieldException(
          RejectReason.WRONG_TYPE, field + " has " + id.length() + " characters");
    }
    if (id != null && hasLoneSurrogate(id)) {
      throw badValue(field + " contains half of a surrogate pair");
    }
    return id;
  }

  static @Nullable String decimal(String field, JsonParser value)
      throws IOException, InvalidFieldException {
    String text = text(field, value);
    return text == null ? null : DecimalText.checked(field, text);
  }

  /** Reads an array of texts, to its end even if it is invalid. Returns null for a JSON null. */
  static @Nullable List<String> conditions(JsonParser value)
      throws IOException, InvalidFieldException {
    if (value.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (value.currentToken() != JsonToken.START_ARRAY) {
      throw wrongType(Fields.CONDITIONS, "an array of texts", value);
    }
    List<String> codes = new ArrayList<>(4);
    InvalidFieldException invalid = null;
    int size = 0;
    while (value.nextToken() != JsonToken.END_ARRAY) {
      size++;
      if (value.currentToken() != JsonToken.VALUE_STRING) {
        invalid = wrongType(Fields.CONDITIONS, "an array of texts", value);
        value.skipChildren();
      } else if (value.getTextLength() > Limits.MAX_CONDITION_LENGTH) {
        invalid = badValue("a condition has " + value.getTextLength() + " characters");
      } else if (size <= Limits.MAX_CONDITIONS) {
        codes.add(value.getText());
      }
    }
    if (size > Limits.MAX_CONDITIONS) {
      invalid = badValue("conditions has " + size + " codes");
    }
    if (invalid != null) {
      throw invalid;
    }
    return List.copyOf(codes);
  }

  /**
   * Returns the value.
   *
   * @throws InvalidFieldException if it is absent
   */
  static <T> T required(String field, @Nullable T value) throws InvalidFieldException {
    if (value == null) {
      throw new InvalidFieldException(RejectReason.MISSING_FIELD, field + " is missing");
    }
    return value;
  }

  static InvalidFieldException badValue(String detail) {
    return new InvalidFieldException(RejectReason.INVALID_VALUE, detail);
  }

  /** Returns the first characters of a text, without half a surrogate pair at the end. */
  static String cut(String text, int characters) {
    if (text.length() <= characters) {
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
