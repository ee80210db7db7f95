package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.pipeline.TestStack;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs each query of the Grafana dashboard as the plugin would, on tables of a real node. The view
 * is one hour around the end of a month.
 */
@Tag("job")
@ExtendWith(SharedStores.class)
class GrafanaDashboardIT {
  private static final Instant FROM = Instant.parse("2026-10-31T23:30:00Z");
  private static final Instant TO = Instant.parse("2026-11-01T00:30:00Z");

  /** What the plugin can show. It fails on a decimal. */
  private static final Set<DataType> SHOWN =
      Set.of(
          DataTypes.TEXT, DataTypes.TIMESTAMP, DataTypes.DOUBLE, DataTypes.BIGINT, DataTypes.DATE);

  private final Map<String, String> variables = new LinkedHashMap<>();
  private CqlSession cassandra;
  private String keyspace;
  private JsonNode dashboard;

  @BeforeEach
  void fillTables(TestStack stores) throws Exception {
    cassandra = stores.cassandra.session();
    keyspace = stores.newKeyspace("grafana");
    dashboard =
        new ObjectMapper()
            .readTree(
                TestStack.ROOT
                    .resolve("deploy/grafana/provisioning/dashboards/market.json")
                    .toFile());
    variables.put("source", "feed");
    variables.put("symbol", "BINANCE:BTCUSDT");
    variables.put("interval", "1m");
    for (String open :
        List.of("2026-10-31T23:29:00Z", "2026-10-31T23:59:00Z", "2026-11-01T00:00:00Z")) {
      candle("BINANCE:BTCUSDT", open, "0.1");
      candle("ETH", open, "7");
      tick("ticks", "BINANCE:BTCUSDT", open, "0.1");
    }
    tick("latest_ticks", "BINANCE:BTCUSDT", "2026-11-01T00:00:00Z", "0.1");
    tick("latest_ticks", "ETH", "2026-11-01T00:00:01Z", "7");
    gap("BINANCE:BTCUSDT", "2026-10-31T23:40:00Z", "STALLED");
    openGap("BINANCE:BTCUSDT", "2026-11-01T00:20:00Z");
    gap("*", "2026-11-01T00:10:00Z", "CONNECTION_LOST");
    gap("ETH", "2026-11-01T00:10:00Z", "STALLED");
    for (String day : List.of("2026-10-30", "2026-10-31", "2026-11-01")) {
      cassandra.execute(
          "INSERT INTO "
              + keyspace
              + ".audited_days (source, day, symbol, state, ticks) VALUES (?, ?, ?, ?, ?)",
          "feed",
          LocalDate.parse(day),
          "ETH",
          "complete",
          5L);
    }
  }

  @Test
  void variablesListSourcesAndTheirSymbols() {
    assertThat(texts(cql("templating", "source"), "source")).containsExactly("feed");
    assertThat(texts(cql("templating", "symbol"), "symbol"))
        .containsExactlyInAnyOrder("BINANCE:BTCUSDT", "ETH");
  }

  @Test
  void panelsShowTheRowsInView() {
    Map<String, String> shown = new TreeMap<>();
    for (JsonNode panel : dashboard.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        shown.put(panel.path("title").asText(), rows(target.path("target").asText()).toString());
      }
    }
    assertThat(shown)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "${symbol}, ${interval}",
                "[{symbol=BINANCE:BTCUSDT, open_time=2026-10-31T23:59:00Z, open=0.1, high=0.1,"
                    + " low=0.1, close=0.1, volume=0.1},"
                    + " {symbol=BINANCE:BTCUSDT, open_time=2026-11-01T00:00:00Z, open=0.1, high=0.1,"
                    + " low=0.1, close=0.1, volume=0.1}]",
                "Price of each tick",
                "[{symbol=BINANCE:BTCUSDT, event_time=2026-10-31T23:59:00Z, price=0.1},"
                    + " {symbol=BINANCE:BTCUSDT, event_time=2026-11-01T00:00:00Z, price=0.1}]",
                "Gaps",
                "[{symbol=*, gap_start=2026-11-01T00:10:00Z, gap_end=2026-11-01T00:11:00Z,"
                    + " cause=CONNECTION_LOST, dropped=3, detail=why},"
                    + " {symbol=BINANCE:BTCUSDT, gap_start=2026-10-31T23:40:00Z,"
                    + " gap_end=2026-10-31T23:41:00Z, cause=STALLED, dropped=3, detail=why},"
                    + " {symbol=BINANCE:BTCUSDT, gap_start=2026-11-01T00:20:00Z, gap_end=null,"
                    + " cause=STALLED, dropped=3, detail=why}]",
                "Newest tick of each symbol",
                "[{source=feed, symbol=BINANCE:BTCUSDT, kind=trade, price=0.1, volume=0.1,"
                    + " event_time=2026-11-01T00:00:00Z, received_at=2026-11-01T00:00:00Z},"
                    + " {source=feed, symbol=ETH, kind=trade, price=7.0, volume=7.0,"
                    + " event_time=2026-11-01T00:00:01Z, received_at=2026-11-01T00:00:01Z}]",
                "Audited days",
                "[{symbol=ETH, day=2026-10-31, state=complete, ticks=5, in_gaps=null, dropped=null,"
                    + " rejected=null, unexplained=null, gap_ms=null},"
                    + " {symbol=ETH, day=2026-11-01, state=complete, ticks=5, in_gaps=null, dropped=null,"
                    + " rejected=null, unexplained=null, gap_ms=null}]"));
  }

  @Test
  void annotationsAreTheGapsOfTheSymbolAndOfTheFeed() {
    assertThat(rows(annotation("Gaps that are over")).toString())
        .isEqualTo(
            "[{symbol=*, time=2026-11-01T00:10:00Z, timeEnd=2026-11-01T00:11:00Z,"
                + " title=CONNECTION_LOST, text=why},"
                + " {symbol=BINANCE:BTCUSDT, time=2026-10-31T23:40:00Z, timeEnd=2026-10-31T23:41:00Z,"
                + " title=STALLED, text=why}]");
    assertThat(texts(annotation("Starts of gaps"), "time"))
        .containsExactly("2026-11-01T00:10:00Z", "2026-10-31T23:40:00Z", "2026-11-01T00:20:00Z");
  }

  private String annotation(String name) {
    for (JsonNode each : dashboard.path("annotations").path("list")) {
      if (each.path("name").asText().equals(name)) {
        return each.path("target").path("target").asText();
      }
    }
    throw new AssertionError("no " + name);
  }

  private void candle(String symbol, String open, String price) {
    Instant time = Instant.parse(open);
    BigDecimal decimal = new BigDecimal(price);
    cassandra.execute(
        "INSERT INTO "
            + keyspace
            + ".candles (source, symbol, interval, month, open_time, open, high, low, close, volume, kind)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "feed",
        symbol,
        "1m",
        LocalDate.ofInstant(time, ZoneOffset.UTC).withDayOfMonth(1),
        time,
        decimal,
        decimal,
        decimal,
        decimal,
        decimal,
        "trade");
  }

  private void tick(String table, String symbol, String at, String price) {
    Instant time = Instant.parse(at);
    cassandra.execute(
        "INSERT INTO "
            + keyspace
            + "."
            + table
            + " (source, symbol, hour, event_time, session, sequence, kind, price, volume, received_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "feed",
        symbol,
        Instant.ofEpochMilli(time.toEpochMilli() / 3_600_000 * 3_600_000),
        time,
        1L,
        0L,
        "trade",
        new BigDecimal(price),
        new BigDecimal(price),
        time);
  }

  private void openGap(String symbol, String start) {
    gap(symbol, start, "STALLED");
    cassandra.execute(
        "DELETE gap_end FROM "
            + keyspace
            + ".feed_gaps WHERE source = 'feed' AND symbol = ? AND month = ? AND gap_start = ?"
            + " AND session_before = 1 AND first_missing = 5",
        symbol,
        LocalDate.ofInstant(Instant.parse(start), ZoneOffset.UTC).withDayOfMonth(1),
        Instant.parse(start));
  }

  private void gap(String symbol, String start, String cause) {
    Instant time = Instant.parse(start);
    cassandra.execute(
        "INSERT INTO "
            + keyspace
            + ".feed_gaps (source, symbol, month, gap_start, session_before, first_missing, gap_end,"
            + " cause, dropped, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "feed",
        symbol,
        LocalDate.ofInstant(time, ZoneOffset.UTC).withDayOfMonth(1),
        time,
        1L,
        5L,
        time.plusSeconds(60),
        cause,
        3L,
        "why");
  }

  private String cql(String list, String name) {
    for (JsonNode each : dashboard.path(list).path("list")) {
      if (each.path("name").asText().equals(name)) {
        return each.path("query").path("query").asText();
      }
    }
    throw new AssertionError("no " + name);
  }

  private List<String> texts(String query, String column) {
    return rows(query).stream().map(row -> String.valueOf(row.get(column))).toList();
  }

  /** The rows of a query, ordered by their text. */
  private List<Map<String, Object>> rows(String query) {
    ResultSet found = cassandra.execute(replaced(query));
    found
        .getColumnDefinitions()
        .forEach(
            column -> assertThat(SHOWN).as(column.getName().toString()).contains(column.getType()));
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Row row : found) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (int i = 0; i < row.size(); i++) {
        values.put(row.getColumnDefinitions().get(i).getName().asInternal(), row.getObject(i));
      }
      rows.add(values);
    }
    rows.sort(Comparator.comparing(Object::toString));
    return rows;
  }

  /** Replaces what Grafana and the plugin replace. */
  private String replaced(String query) {
    String cql = query.replace("market_data.", keyspace + ".");
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      cql = cql.replace("${" + variable.getKey() + "}", variable.getValue());
    }
    cql =
        cql.replace("$__timeFrom", Long.toString(FROM.toEpochMilli()))
            .replace("$__timeTo", Long.toString(TO.toEpochMilli()));
    assertThat(cql).doesNotContain("$");
    return cql;
  }
}
