package io.marketstream.pipeline.job;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What a keyspace of ours holds, as text that is equal only where every byte is. */
final class Tables {

  /** Of latest_ticks the write times too: they are computed from the ticks, and decide who wins. */
  private static final Map<String, String> QUERIES =
      Map.of(
          "ticks", "SELECT * FROM %s.ticks",
          "latest_ticks",
              "SELECT source, symbol, hour, event_time, session, sequence, kind, price, volume,"
                  + " conditions, received_at, writetime(price), writetime(volume) FROM"
                  + " %s.latest_ticks",
          "candles", "SELECT * FROM %s.candles",
          "feed_gaps", "SELECT * FROM %s.feed_gaps");

  private Tables() {}

  /** The rows of every table, sorted; a decimal keeps its scale. */
  static Map<String, List<String>> of(CqlSession session, String keyspace) {
    Map<String, List<String>> tables = new TreeMap<>();
    QUERIES.forEach(
        (table, query) ->
            tables.put(
                table,
                session.execute(String.format(query, keyspace)).all().stream()
                    .map(Tables::text)
                    .sorted()
                    .toList()));
    return tables;
  }

  /** How many rows a table holds. */
  static long count(CqlSession session, String keyspace, String table) {
    // Paged rather than COUNT(*): no time-out on a busy machine.
    long rows = 0;
    for (Row ignored : session.execute("SELECT source FROM " + keyspace + "." + table)) {
      rows++;
    }
    return rows;
  }

  private static String text(Row row) {
    StringBuilder text = new StringBuilder();
    IntStream.range(0, row.size())
        .forEach(
            column -> {
              TypeCodec<Object> codec = row.codecRegistry().codecFor(row.getType(column));
              text.append(row.getColumnDefinitions().get(column).getName())
                  .append('=')
                  .append(codec.format(row.get(column, codec)))
                  .append(' ');
            });
    return text.toString();
  }
}
