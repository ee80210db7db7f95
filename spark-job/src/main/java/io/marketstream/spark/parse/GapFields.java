package io.marketstream.spark.parse;

import static io.marketstream.spark.parse.FieldValues.badValue;
import static io.marketstream.spark.parse.FieldValues.required;

import com.fasterxml.jackson.core.JsonParser;
import io.marketstream.spark.record.Gap;
import io.marketstream.spark.record.RecordPosition;
import java.io.IOException;
import java.util.regex.Pattern;

/** The fields of a gap record while it is read. */
final class GapFields extends RecordFields {
  private static final Pattern CAUSE = Pattern.compile("[A-Z][A-Z_]{0,63}");

  /** Free text for people; without a bound one record could be too large for Cassandra. */
  private static final int MAX_DETAIL = 8 * 1024;

  private String cause;
  private Long gapStart;
  private Long gapEnd;
  private Long sessionBefore;
  private Long sessionAfter;
  private Long firstMissing;
  private Long dropped;
  private String detail;

  @Override
  int takeOwn(String name, JsonParser value) throws IOException, InvalidFieldException {
    switch (name) {
      case "cause" -> {
        cause = cause(FieldValues.text("cause", value));
        return 2;
      }
      case "gap_start" -> {
        gapStart = FieldValues.instant("gap_start", value);
        return 3;
      }
      case "gap_end" -> {
        gapEnd = FieldValues.instant("gap_end", value);
        return 4;
      }
      case "session_before" -> {
        sessionBefore = FieldValues.integer("session_before", value);
        return 5;
      }
      case "session_after" -> {
        sessionAfter = FieldValues.integer("session_after", value);
        return 6;
      }
      case "first_missing" -> {
        firstMissing = FieldValues.integer("first_missing", value);
        return 7;
      }
      case "dropped" -> {
        dropped = FieldValues.count("dropped", value);
        return 8;
      }
      case "detail" -> {
        detail = FieldValues.cut(FieldValues.text("detail", value), MAX_DETAIL);
        return 9;
      }
      default -> {
        return UNKNOWN;
      }
    }
  }

  @Override
  Gap record(RecordPosition at) throws InvalidFieldException {
    return new Gap(
        at,
        required("source", source),
        required("symbol", symbol),
        required("cause", cause),
        required("gap_start", gapStart),
        gapEnd,
        required("session_before", sessionBefore),
        sessionAfter,
        required("first_missing", firstMissing),
        dropped,
        detail);
  }

  @Override
  Long receivedAt() {
    return null;
  }

  @Override
  Long session() {
    return sessionBefore;
  }

  /** Any word in upper case: a newer connector may know causes that this job does not. */
  private static String cause(String word) throws InvalidFieldException {
    if (word != null && !CAUSE.matcher(word).matches()) {
      throw badValue("cause is not a word in upper case");
    }
    return word;
  }
}
