package io.marketstream.feed.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.marketstream.model.Fields;
import io.marketstream.model.GapCause;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the repair of a gap has come. The source offset of the symbol holds it, so that a restart
 * continues the repair.
 *
 * @param gap the gap as it was published last. It is open if it has begun again under its identity
 * @param base the first id that the repair fetches
 * @param next the first id that is neither returned nor known to be absent
 */
public record RepairProgress(FeedGap gap, long base, long next) {

  /**
   * The session of every repaired tick. Its sequence is its trade id. The numbers of a repaired
   * trade therefore depend on nothing but the trade: whichever gap, task or restart fetches it
   * again, it is the same row. No connection has this session.
   */
  public static final long SESSION = 1;

  private static final JsonFactory JSON = new JsonFactory();
  private static final String BASE = "base";
  private static final String NEXT = "next";

  /** The last missing id of the gap. */
  public long last() {
    return gap.lastMissingId() == null ? base - 1 : Long.parseLong(gap.lastMissingId());
  }

  /** Whether the gap has the identity of the other one, which belongs to the same symbol. */
  public boolean isOf(FeedGap other) {
    return gap.gapStart() == other.gapStart()
        && gap.sessionBefore() == other.sessionBefore()
        && gap.firstMissing() == other.firstMissing();
  }

  /** A copy that has come further. */
  public RepairProgress upTo(long nextId) {
    return new RepairProgress(gap, base, nextId);
  }

  /** A copy of which the gap was published again. */
  public RepairProgress of(FeedGap published) {
    return new RepairProgress(published, base, next);
  }

  /** The text for the source offset; null for none. */
  public static @Nullable String encode(List<RepairProgress> repairs) {
    if (repairs.isEmpty()) {
      return null;
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartArray();
      for (RepairProgress repair : repairs) {
        repair.write(json);
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory does not fail", e);
    }
    return text.toString();
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField(Fields.CAUSE, gap.cause().name());
    json.writeNumberField(Fields.GAP_START, gap.gapStart());
    write(json, Fields.GAP_END, gap.gapEnd());
    json.writeNumberField(Fields.SESSION_BEFORE, gap.sessionBefore());
    write(json, Fields.SESSION_AFTER, gap.sessionAfter());
    json.writeNumberField(Fields.FIRST_MISSING, gap.firstMissing());
    write(json, Fields.DROPPED, gap.dropped());
    json.writeStringField(Fields.DETAIL, gap.detail());
    json.writeStringField(Fields.FIRST_MISSING_ID, gap.firstMissingId());
    json.writeStringField(Fields.LAST_MISSING_ID, gap.lastMissingId());
    write(json, Fields.REPAIRED_AT, gap.repairedAt());
    json.writeNumberField(BASE, base);
    json.writeNumberField(NEXT, next);
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String field, @Nullable Long value)
      throws IOException {
    if (value != null) {
      json.writeNumberField(field, value);
    }
  }

  /**
   * Reads a text that {@link #encode} has written. A newer version may have written it, so unknown
   * fields are ignored, and a gap with an unknown cause is left out: it stays a gap.
   *
   * @param source the source of the gaps
   * @param symbol the symbol of the gaps
   * @throws IllegalArgumentException if it is not such a text; the message says what is wrong
   */
  public static List<RepairProgress> decode(String source, String symbol, String text) {
    List<RepairProgress> repairs = new ArrayList<>();
    try (JsonParser json = JSON.createParser(text)) {
      expect(json.nextToken() == JsonToken.START_ARRAY, "not a JSON array");
      while (json.nextToken() == JsonToken.START_OBJECT) {
        RepairProgress repair = read(source, symbol, json);
        if (repair != null) {
          repairs.add(repair);
        }
      }
      expect(json.currentToken() == JsonToken.END_ARRAY, "not an array of objects");
      return repairs;
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
  }

  private static @Nullable RepairProgress read(String source, String symbol, JsonParser json)
      throws IOException {
    Map<String, String> texts = new HashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      expect(json.nextToken().isScalarValue(), "'" + name + "' is not a scalar");
      if (json.currentToken() != JsonToken.VALUE_NULL) {
        texts.put(name, json.getText());
      }
    }
    expect(json.currentToken() == JsonToken.END_OBJECT, "an object does not end");
    long base = number(texts, BASE);
    long next = number(texts, NEXT);
    expect(base >= 1 && next >= base, "'next' is below 'base'");
    // Both are ids, so they must be numbers.
    long first = number(texts, Fields.FIRST_MISSING_ID);
    long last = number(texts, Fields.LAST_MISSING_ID);
    GapCause cause = cause(text(texts, Fields.CAUSE));
    if (cause == null) {
      return null;
    }
    FeedGap gap =
        new FeedGap(
            source,
            symbol,
            cause,
            number(texts, Fields.GAP_START),
            optional(texts, Fields.GAP_END),
            number(texts, Fields.SESSION_BEFORE),
            optional(texts, Fields.SESSION_AFTER),
            number(texts, Fields.FIRST_MISSING),
            optional(texts, Fields.DROPPED),
            text(texts, Fields.DETAIL),
            Long.toString(first),
            Long.toString(last),
            optional(texts, Fields.REPAIRED_AT));
    return new RepairProgress(gap, base, next);
  }

  private static @Nullable GapCause cause(String name) {
    for (GapCause known : GapCause.values()) {
      if (known.name().equals(name)) {
        return known;
      }
    }
    return null;
  }

  private static String text(Map<String, String> texts, String field) {
    String text = texts.get(field);
    if (text == null) {
      throw new IllegalArgumentException("no '" + field + "'");
    }
    return text;
  }

  private static long number(Map<String, String> texts, String field) {
    try {
      return Long.parseLong(text(texts, field));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + field + "' is not a whole number", e);
    }
  }

  private static @Nullable Long optional(Map<String, String> texts, String field) {
    return texts.containsKey(field) ? number(texts, field) : null;
  }

  private static void expect(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }
}
