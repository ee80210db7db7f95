package io.marketstream.pipeline.job;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The content of a keyspace as text, which is equal only if every byte is equal. */
final class Tables {

  /**
   * For latest_ticks it includes the write times. The job computes them from the ticks, and they
   * decide which row stays.
   */
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

  /** Returns the sorted rows of every table. Decimals keep their scale. */
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

  /** Returns how many rows a table has. */
  static long count(CqlSession session, String keyspace, String table) {
    // Reads pages instead of COUNT(*), which could time out on a busy machine.
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
