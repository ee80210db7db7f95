package io.marketstream.local.measure;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import io.marketstream.model.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads ticks back from Cassandra as a user would. Counts each once, and records its latency.
 *
 * <p>While the pipeline runs, {@link #poll} reads the newest rows of the incomplete partitions.
 * {@link #catchUp} reads these partitions completely. Used by one thread at a time.
 */
public final class TableReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TableReader.class);

  /**
   * How far back a poll reads again. Ticks reach the table nearly in the order of event time.
   * {@link #catchUp} finds the later ones.
   */
  private static final Duration OVERLAP = Duration.ofSeconds(2);

  /** The limit per partition and poll, so that reading does not add much load. */
  private static final int MAX_ROWS_PER_POLL = 1_000;

  private static final Duration HOUR = Duration.ofHours(1);

  private final CqlSession session;
  private final TickLedger inKafka;
  private final TickLedger inCassandra;
  private final LatencyRecorder latency;
  private final PreparedStatement newest;
  private final PreparedStatement whole;
  private final PreparedStatement latest;
  private final Map<TickLedger.Partition, Instant> seenUpTo = new HashMap<>();

  /**
   * Prepares the queries.
   *
   * @param session a session with a keyspace; {@link #close} closes it
   * @param inKafka gives the partitions to read
   * @param inCassandra receives the ticks
   */
  public TableReader(
      CqlSession session, TickLedger inKafka, TickLedger inCassandra, LatencyRecorder latency) {
    this.session = session;
    this.inKafka = inKafka;
    this.inCassandra = inCassandra;
    this.latency = latency;
    String ticks =
        "SELECT event_time, session, sequence, received_at, writetime(price) AS written FROM "
            + Tables.TICKS
            + " WHERE source = ? AND symbol = ? AND hour = ?";
    this.newest = session.prepare(ticks + " AND event_time >= ? LIMIT " + MAX_ROWS_PER_POLL);
    this.whole = session.prepare(ticks);
    this.latest =
        session.prepare(
            "SELECT symbol, price, kind, event_time FROM "
                + Tables.LATEST_TICKS
                + " WHERE source = ?");
  }

  /**
   * Reads new rows, and one incomplete partition of a past hour completely. Logs errors, because
   * the next poll tries again.
   */
  public void poll(Instant now) {
    try {
      List<TickLedger.Partition> behind = inKafka.aheadOf(inCassandra);
      for (TickLedger.Partition partition : behind) {
        Instant from = seenUpTo.getOrDefault(partition, partition.hour()).minus(OVERLAP);
        read(partition, bind(newest, partition).setInstant(3, from));
      }
      behind.stream()
          .filter(partition -> partition.hour().plus(HOUR).plus(OVERLAP).isBefore(now))
          .min(Comparator.comparing(TickLedger.Partition::hour))
          .ifPresent(partition -> read(partition, bind(whole, partition)));
    } catch (DriverException e) {
      LOG.warn("Cassandra did not answer: {}", e.toString());
    }
  }

  /** Reads all incomplete partitions completely. */
  public void catchUp() {
    try {
      inKafka.aheadOf(inCassandra).forEach(partition -> read(partition, bind(whole, partition)));
    } catch (DriverException e) {
      LOG.warn("Cassandra did not answer: {}", e.toString());
    }
  }

  /**
   * Returns the newest price of each symbol of a source, sorted by symbol. Empty if Cassandra does
   * not answer.
   */
  public List<LatestPrice> latestPrices(String source) {
    List<LatestPrice> prices = new ArrayList<>();
    try {
      for (Row row : session.execute(latest.bind(source))) {
        prices.add(
            new LatestPrice(
                source,
                row.getString("symbol"),
                row.getBigDecimal("price"),
                row.getString("kind"),
                row.getInstant("event_time")));
      }
    } catch (DriverException e) {
      LOG.warn("Cassandra did not answer: {}", e.toString());
    }
    return prices;
  }

  @Override
  public void close() {
    session.close();
  }

  private static BoundStatement bind(PreparedStatement statement, TickLedger.Partition partition) {
    return statement
        .boundStatementBuilder()
        .setString(0, partition.source())
        .setString(1, partition.symbol())
        .setInstant(2, partition.hour())
        .setIdempotence(true)
        .build();
  }

  private void read(TickLedger.Partition partition, BoundStatement query) {
    ResultSet rows = session.execute(query);
    for (Row row : rows) {
      if (inCassandra.add(partition, row.getLong("session"), row.getLong("sequence"))) {
        Instant received = row.getInstant("received_at");
        latency.add(row.getLong("written") / 1000 - received.toEpochMilli());
        seenUpTo.merge(partition, row.getInstant("event_time"), (a, b) -> a.isAfter(b) ? a : b);
      }
    }
  }
}
