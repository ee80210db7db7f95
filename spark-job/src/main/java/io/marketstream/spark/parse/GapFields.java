package io.marketstream.spark.parse;

import static io.marketstream.spark.parse.FieldValues.badValue;
import static io.marketstream.spark.parse.FieldValues.required;

import com.fasterxml.jackson.core.JsonParser;
import io.marketstream.model.Fields;
import io.marketstream.spark.record.Gap;
import io.marketstream.spark.record.RecordPosition;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects the fields of a gap record. */
final class GapFields extends RecordFields {
  private static final Pattern CAUSE = Pattern.compile("[A-Z][A-Z_]{0,63}");

  /** Maximum length of the free text, so that a row is never too large for Cassandra. */
  private static final int MAX_DETAIL_LENGTH = 8 * 1024;

  private @Nullable String cause;
  private @Nullable Long gapStart;
  private @Nullable Long gapEnd;
  private @Nullable Long sessionBefore;
  private @Nullable Long sessionAfter;
  private @Nullable Long firstMissing;
  private @Nullable Long dropped;
  private @Nullable String detail;
  private @Nullable String firstMissingId;
  private @Nullable String lastMissingId;
  private @Nullable Long repairedAt;

  @Override
  int readOwn(String name, JsonParser value) throws IOException, InvalidFieldException {
    switch (name) {
      case Fields.CAUSE -> {
        cause = cause(FieldValues.text(Fields.CAUSE, value));
        return 2;
      }
      case Fields.GAP_START -> {
        gapStart = FieldValues.instant(Fields.GAP_START, value);
        return 3;
      }
      case Fields.GAP_END -> {
        gapEnd = FieldValues.instant(Fields.GAP_END, value);
        return 4;
      }
      case Fields.SESSION_BEFORE -> {
        sessionBefore = FieldValues.integer(Fields.SESSION_BEFORE, value);
        return 5;
      }
      case Fields.SESSION_AFTER -> {
        sessionAfter = FieldValues.integer(Fields.SESSION_AFTER, value);
        return 6;
      }
      case Fields.FIRST_MISSING -> {
        firstMissing = FieldValues.integer(Fields.FIRST_MISSING, value);
        return 7;
      }
      case Fields.DROPPED -> {
        dropped = FieldValues.count(Fields.DROPPED, value);
        return 8;
      }
      case Fields.DETAIL -> {
        String text = FieldValues.text(Fields.DETAIL, value);
        detail = text == null ? null : FieldValues.cut(text, MAX_DETAIL_LENGTH);
        return 9;
      }
      case Fields.FIRST_MISSING_ID -> {
        firstMissingId = FieldValues.tradeId(Fields.FIRST_MISSING_ID, value);
        return 10;
      }
      case Fields.LAST_MISSING_ID -> {
        lastMissingId = FieldValues.tradeId(Fields.LAST_MISSING_ID, value);
        return 11;
      }
      case Fields.REPAIRED_AT -> {
        repairedAt = FieldValues.instant(Fields.REPAIRED_AT, value);
        return 12;
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
        required(Fields.SOURCE, source),
        required(Fields.SYMBOL, symbol),
        required(Fields.CAUSE, cause),
        required(Fields.GAP_START, gapStart),
        gapEnd,
        required(Fields.SESSION_BEFORE, sessionBefore),
        sessionAfter,
        required(Fields.FIRST_MISSING, firstMissing),
        dropped,
        detail,
        firstMissingId,
        lastMissingId,
        repairedAt);
  }

  @Override
  @Nullable Long receivedAt() {
    return null;
  }

  @Override
  @Nullable Long session() {
    return sessionBefore;
  }

  /** Accepts any word in upper case: a newer connector may know causes that this job does not. */
  private static @Nullable String cause(@Nullable String word) throws InvalidFieldException {
    if (word != null && !CAUSE.matcher(word).matches()) {
      throw badValue("cause is not a word in upper case");
    }
    return word;
  }
}
