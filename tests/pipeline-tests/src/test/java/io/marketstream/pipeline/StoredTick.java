package io.marketstream.pipeline;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.simulator.SentTick;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A tick as a table or a simulator's record has it, in one form, to compare them by content. The
 * decimals keep their scale.
 *
 * @param sequence its number within the session, which is the connection on the simulator's side
 * @param eventTime epoch ms; null where the feed sends none
 */
public record StoredTick(
    String source,
    String symbol,
    long sequence,
    String kind,
    BigDecimal price,
    BigDecimal volume,
    List<String> conditions,
    Long eventTime) {

  public static StoredTick of(SentTick sent, String source) {
    BigDecimal volume = sent.volume() == null ? null : new BigDecimal(sent.volume());
    boolean trade = volume != null && volume.signum() != 0;
    return new StoredTick(
        source,
        sent.symbol(),
        sent.sequence(),
        trade ? "trade" : "price",
        new BigDecimal(sent.price()),
        volume,
        sent.conditions() == null ? List.of() : sent.conditions(),
        sent.eventTimeMs());
  }

  /** The whole table. A feed without times of its own is compared without them. */
  public static List<StoredTick> all(CqlSession session) {
    return session.execute("SELECT * FROM " + TestStack.KEYSPACE + ".ticks").all().stream()
        .map(StoredTick::of)
        .toList();
  }

  /** A tick as the topic has it. */
  public static StoredTick of(JsonNode value) {
    String source = value.get("source").asText();
    long eventTime = value.get("event_time").asLong();
    boolean ownTime = eventTime != value.get("received_at").asLong();
    List<String> conditions = new ArrayList<>();
    value.path("conditions").forEach(code -> conditions.add(code.asText()));
    return new StoredTick(
        source,
        value.get("symbol").asText(),
        value.get("sequence").asLong(),
        value.get("kind").asText(),
        new BigDecimal(value.get("price").asText()),
        value.path("volume").isTextual() ? new BigDecimal(value.get("volume").asText()) : null,
        conditions,
        source.startsWith("coincap") && !ownTime ? null : (Long) eventTime);
  }

  private static StoredTick of(Row row) {
    Instant eventTime = row.getInstant("event_time");
    boolean ownTime = !eventTime.equals(row.getInstant("received_at"));
    String source = row.getString("source");
    return new StoredTick(
        source,
        row.getString("symbol"),
        row.getLong("sequence"),
        row.getString("kind"),
        row.getBigDecimal("price"),
        row.getBigDecimal("volume"),
        row.getList("conditions", String.class),
        source.startsWith("coincap") && !ownTime ? null : (Long) eventTime.toEpochMilli());
  }

  /** The rows of a source by session. */
  public static Map<Long, List<StoredTick>> bySession(CqlSession session, String source) {
    return session.execute("SELECT * FROM " + TestStack.KEYSPACE + ".ticks").all().stream()
        .filter(row -> source.equals(row.getString("source")))
        .collect(
            Collectors.groupingBy(
                row -> row.getLong("session"),
                Collectors.mapping(StoredTick::of, Collectors.toList())));
  }

  /** The sessions that the table holds of a source. */
  public static Set<Long> sessions(CqlSession session, String source) {
    return bySession(session, source).keySet();
  }
}
