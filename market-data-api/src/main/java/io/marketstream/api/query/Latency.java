package io.marketstream.api.query;

import io.marketstream.api.cassandra.Database;
import io.marketstream.api.cassandra.MarketTables;
import io.marketstream.api.market.Tick;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** How long ticks take from the socket to their row. Thread-safe. */
public final class Latency {
  private static final int SYMBOLS_PER_SOURCE = 20;
  private static final int ROWS_PER_SYMBOL = 20;
  private static final int CONCURRENT_SYMBOLS = 16;

  private final Database database;

  public Latency(Database database) {
    this.database = database;
  }

  /**
   * The newest rows of a source, as far as they were looked at.
   *
   * @param medianMs of write time − {@code received_at}
   * @param maxMs the largest of them
   * @param newestReceivedAt epoch ms
   * @param rows how many, at least one
   */
  public record OfSource(
      String source, long medianMs, long maxMs, long newestReceivedAt, int rows) {}

  /**
   * The latency of the newest rows of each source, from the symbols with the newest ticks.
   *
   * @param latest the newest tick of each symbol
   */
  public CompletableFuture<List<OfSource>> newest(Collection<Tick> latest) {
    Map<String, List<Tick>> bySource =
        latest.stream()
            .collect(
                Collectors.groupingBy(
                    tick -> tick.instrument().source(), TreeMap::new, Collectors.toList()));
    return MarketTables.each(
            List.copyOf(bySource.entrySet()),
            CONCURRENT_SYMBOLS,
            source -> ofSource(source.getKey(), source.getValue()))
        .thenApply(found -> found.stream().filter(each -> each.rows() > 0).toList());
  }

  private CompletableFuture<OfSource> ofSource(String source, List<Tick> latest) {
    List<Tick> asked =
        latest.stream()
            .sorted(Comparator.comparingLong(Tick::receivedAt).reversed())
            .limit(SYMBOLS_PER_SOURCE)
            .toList();
    return MarketTables.each(
            asked,
            CONCURRENT_SYMBOLS,
            tick ->
                database
                    .tables()
                    .newestWritten(
                        tick.instrument(), Ticks.hour(tick.eventTime()), ROWS_PER_SYMBOL))
        .thenApply(rows -> of(source, rows.stream().flatMap(List::stream).toList()));
  }

  static OfSource of(String source, List<MarketTables.Written> rows) {
    List<Long> delays =
        rows.stream().map(each -> each.writtenAt() - each.receivedAt()).sorted().toList();
    return delays.isEmpty()
        ? new OfSource(source, 0, 0, 0, 0)
        : new OfSource(
            source,
            delays.get(delays.size() / 2),
            delays.get(delays.size() - 1),
            rows.stream().mapToLong(MarketTables.Written::receivedAt).max().orElse(0),
            delays.size());
  }
}
