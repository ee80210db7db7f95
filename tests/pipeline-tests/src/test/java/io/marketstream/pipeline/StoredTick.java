package io.marketstream.pipeline;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A tick of the topic or the table {@code ticks}. Decimals keep their scale. Conditions that are
 * null differ from an empty list.
 *
 * @param eventTime epoch ms
 * @param receivedAt epoch ms
 */
public record StoredTick(
    String source,
    String symbol,
    long session,
    long sequence,
    String kind,
    BigDecimal price,
    BigDecimal volume,
    List<String> conditions,
    long eventTime,
    long receivedAt,
    String tradeId,
    String side,
    String origin) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Makes a tick of a feed without trade ids. */
  public StoredTick(
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
    this(
        source,
        symbol,
        session,
        sequence,
        kind,
        price,
        volume,
        conditions,
        eventTime,
        receivedAt,
        null,
        null,
        null);
  }

  /** Makes a trade of one share that is received at its event time. */
  public static StoredTick trade(
      String symbol, long session, long sequence, String price, long time) {
    return new StoredTick(
        TestPipeline.FINNHUB,
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

  public StoredTick withVolume(String text) {
    return new StoredTick(
        source,
        symbol,
        session,
        sequence,
        kind,
        price,
        new BigDecimal(text),
        conditions,
        eventTime,
        receivedAt,
        tradeId,
        side,
        origin);
  }

  /** Returns the same tick as one of a venue that numbers its trades. */
  public StoredTick withTrade(String id, String takerSide, String way) {
    return new StoredTick(
        source,
        symbol,
        session,
        sequence,
        kind,
        price,
        volume,
        conditions,
        eventTime,
        receivedAt,
        id,
        takerSide,
        way);
  }

  /** Returns the record that Connect's JsonConverter writes without schemas. */
  public ObjectNode json() {
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
    json.put("trade_id", tradeId);
    json.put("side", side);
    json.put("origin", origin);
    return json;
  }

  public byte[] bytes() {
    return json().toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns the whole table. It is a set, because two rows of one tick differ at least in their
   * event time.
   */
  public static Set<StoredTick> all(CqlSession session, String keyspace) {
    Set<StoredTick> rows = new HashSet<>();
    session.execute("SELECT * FROM " + keyspace + ".ticks").forEach(row -> rows.add(of(row)));
    return rows;
  }

  public static StoredTick of(Row row) {
    return new StoredTick(
        row.getString("source"),
        row.getString("symbol"),
        row.getLong("session"),
        row.getLong("sequence"),
        row.getString("kind"),
        row.getBigDecimal("price"),
        row.getBigDecimal("volume"),
        row.isNull("conditions") ? null : row.getList("conditions", String.class),
        row.getInstant("event_time").toEpochMilli(),
        row.getInstant("received_at").toEpochMilli(),
        row.getString("trade_id"),
        row.getString("side"),
        row.getString("origin"));
  }

  /** Reads a record of the topic. */
  public static StoredTick of(JsonNode value) {
    List<String> conditions = new ArrayList<>();
    value.path("conditions").forEach(code -> conditions.add(code.asText()));
    return new StoredTick(
        value.get("source").asText(),
        value.get("symbol").asText(),
        value.get("session").asLong(),
        value.get("sequence").asLong(),
        value.get("kind").asText(),
        new BigDecimal(value.get("price").asText()),
        value.path("volume").isTextual() ? new BigDecimal(value.get("volume").asText()) : null,
        value.path("conditions").isArray() ? conditions : null,
        value.get("event_time").asLong(),
        value.get("received_at").asLong(),
        value.path("trade_id").textValue(),
        value.path("side").textValue(),
        value.path("origin").textValue());
  }
}
