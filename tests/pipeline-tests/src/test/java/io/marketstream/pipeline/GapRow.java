package io.marketstream.pipeline;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/**
 * A gap of the table {@code feed_gaps} or of the topic.
 *
 * @param firstMissingId of the venue; null if the feed has no trade ids or none is missing
 * @param lastMissingId as {@code firstMissingId}
 * @param repairedAt null if trades may be missing
 */
public record GapRow(
    String source,
    String symbol,
    String cause,
    Instant start,
    Instant end,
    long sessionBefore,
    Long sessionAfter,
    long firstMissing,
    Long firstMissingId,
    Long lastMissingId,
    Instant repairedAt) {

  static List<GapRow> all(CqlSession session) {
    return session.execute("SELECT * FROM " + TestStack.KEYSPACE + ".feed_gaps").all().stream()
        .map(GapRow::of)
        .toList();
  }

  private static GapRow of(Row row) {
    return new GapRow(
        row.getString("source"),
        row.getString("symbol"),
        row.getString("cause"),
        row.getInstant("gap_start"),
        row.getInstant("gap_end"),
        row.getLong("session_before"),
        row.isNull("session_after") ? null : (Long) row.getLong("session_after"),
        row.getLong("first_missing"),
        id(row.getString("first_missing_id")),
        id(row.getString("last_missing_id")),
        row.getInstant("repaired_at"));
  }

  /** Reads a gap, open or closed, from a record of the topic. */
  public static GapRow of(JsonNode value) {
    return new GapRow(
        value.get("source").asText(),
        value.get("symbol").asText(),
        value.get("cause").asText(),
        Instant.ofEpochMilli(value.get("gap_start").asLong()),
        instant(value.path("gap_end")),
        value.get("session_before").asLong(),
        value.path("session_after").isNumber() ? (Long) value.get("session_after").asLong() : null,
        value.get("first_missing").asLong(),
        id(value.path("first_missing_id").textValue()),
        id(value.path("last_missing_id").textValue()),
        instant(value.path("repaired_at")));
  }

  private static Instant instant(JsonNode value) {
    return value.isNumber() ? Instant.ofEpochMilli(value.asLong()) : null;
  }

  private static Long id(String text) {
    return text == null ? null : Long.valueOf(text);
  }

  /** Returns the fields that the open and the closed record of one gap share. */
  public List<Object> identity() {
    return List.of(source, symbol, start, sessionBefore, firstMissing);
  }

  public boolean isClosed() {
    return end != null;
  }

  /** Whether it is about trade ids, and this one is among them. */
  public boolean namesId(long id) {
    return firstMissingId != null
        && lastMissingId != null
        && firstMissingId <= id
        && id <= lastMissingId;
  }

  /** Whether the venue does not have the trades of its ids either. */
  boolean isAbsence() {
    return cause.equals("ABSENT_AT_VENUE");
  }
}
