package io.marketstream.pipeline;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/** A gap of the table {@code feed_gaps} or of the topic. */
public record GapRow(
    String source,
    String symbol,
    String cause,
    Instant start,
    Instant end,
    long sessionBefore,
    Long sessionAfter,
    long firstMissing) {

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
        row.getLong("first_missing"));
  }

  /** Reads a gap, open or closed, from a record of the topic. */
  public static GapRow of(JsonNode value) {
    return new GapRow(
        value.get("source").asText(),
        value.get("symbol").asText(),
        value.get("cause").asText(),
        Instant.ofEpochMilli(value.get("gap_start").asLong()),
        value.path("gap_end").isNumber()
            ? Instant.ofEpochMilli(value.get("gap_end").asLong())
            : null,
        value.get("session_before").asLong(),
        value.path("session_after").isNumber() ? (Long) value.get("session_after").asLong() : null,
        value.get("first_missing").asLong());
  }

  /** Returns the fields that the open and the closed record of one gap share. */
  public List<Object> identity() {
    return List.of(source, symbol, start, sessionBefore, firstMissing);
  }

  public boolean isClosed() {
    return end != null;
  }
}
