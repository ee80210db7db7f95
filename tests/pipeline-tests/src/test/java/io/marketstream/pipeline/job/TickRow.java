package io.marketstream.pipeline.job;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A tick as the topic and the table hold it. Decimals keep their scale, and no conditions (null)
 * are another thing than an empty list.
 *
 * @param eventTime epoch ms
 * @param receivedAt epoch ms
 */
record TickRow(
    String source,
    String symbol,
    long session,
    long sequence,
    String kind,
    BigDecimal price,
    BigDecimal volume,
    List<String> conditions,
    long eventTime,
    long receivedAt) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A trade of one share at the time it is received. */
  static TickRow trade(String symbol, long session, long sequence, String price, long time) {
    return new TickRow(
        "finnhub-sim",
        symbol,
        session,
        sequence,
        "trade",
        new BigDecimal(price),
        BigDecimal.ONE,
        null,
        time,
        time);
  }

  TickRow withVolume(String text) {
    return new TickRow(
        source,
        symbol,
        session,
        sequence,
        kind,
        price,
        new BigDecimal(text),
        conditions,
        eventTime,
        receivedAt);
  }

  /** As Connect's JsonConverter writes it without schemas. */
  ObjectNode json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("source", source);
    json.put("kind", kind);
    json.put("symbol", symbol);
    json.put("price", price.toPlainString());
    json.put("volume", volume == null ? null : volume.toPlainString());
    if (conditions == null) {
      json.putNull("conditions");
    } else {
      conditions.forEach(json.putArray("conditions")::add);
    }
    json.put("event_time", eventTime);
    json.put("received_at", receivedAt);
    json.put("session", session);
    json.put("sequence", sequence);
    return json;
  }

  byte[] bytes() {
    return json().toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The whole table; a set, for a tick that is there twice has two rows that differ in time. */
  static Set<TickRow> all(CqlSession session, String keyspace) {
    Set<TickRow> rows = new HashSet<>();
    session.execute("SELECT * FROM " + keyspace + ".ticks").forEach(row -> rows.add(of(row)));
    return rows;
  }

  static TickRow of(Row row) {
    return new TickRow(
        row.getString("source"),
        row.getString("symbol"),
        row.getLong("session"),
        row.getLong("sequence"),
        row.getString("kind"),
        row.getBigDecimal("price"),
        row.getBigDecimal("volume"),
        row.isNull("conditions") ? null : row.getList("conditions", String.class),
        row.getInstant("event_time").toEpochMilli(),
        row.getInstant("received_at").toEpochMilli());
  }
}
