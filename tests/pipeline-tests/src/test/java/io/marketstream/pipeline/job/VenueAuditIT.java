package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.auditor.cli.InProcessAudit;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.pipeline.TestStack;
import io.marketstream.simulator.coinbase.CoinbaseSimulator;
import io.marketstream.simulator.market.SimMatch;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code audit --venue} on rows of real tables, against the REST API of the Coinbase simulator. */
@Tag("job")
@ExtendWith(SharedStores.class)
class VenueAuditIT {
  private static final String BTC = "BTC-USD";

  @TempDir private Path home;
  private Instant until;

  /** One trade per second. The audit compares the hour before the trade 4,900. */
  @Test
  void theTablesAreComparedWithTheVenue(TestStack stores) throws Exception {
    String keyspace = stores.newKeyspace("venue");
    try (CoinbaseSimulator venue =
            CoinbaseSimulator.builder()
                .seed(7)
                .products(BTC, "ETH-USD")
                .heartbeatPeriod(Duration.ZERO)
                .tradesUnattended(false)
                .pastTrades(5_000)
                .start();
        CqlSession cassandra = stores.session()) {
      List<SimMatch> trades = new ArrayList<>(venue.history(BTC));
      until = trades.get(4_900).time();
      store(cassandra, keyspace, trades);

      InProcessAudit clean = audit(stores, keyspace, venue.restUri().toString());
      JsonNode before = report();

      assertThat(clean.output())
          .contains("compared with the venue", "compared with " + venue.restUri());
      assertThat(before.get("venue_trades").asInt()).isEqualTo(3_600);
      assertThat(counts(before)).isEqualTo("0 missing, 0 unknown, 0 different");

      SimMatch lost = trades.get(3_000);
      SimMatch altered = trades.get(3_500);
      SimMatch unknown = trades.get(4_000);
      delete(cassandra, keyspace, lost, 3_000);
      cassandra.execute("UPDATE " + keyspace + ".ticks SET price = 1" + KEY, key(altered, 3_500));
      venue.markAbsent(BTC, unknown.id());
      venue.rateLimitNext(2);

      InProcessAudit found = audit(stores, keyspace, venue.restUri().toString());

      assertThat(found.exitCode()).isEqualTo(1);
      assertThat(counts(report())).isEqualTo("1 missing, 1 unknown, 1 different");
      assertThat(found.output())
          .doesNotContain("has no tick after")
          .contains(
              "trade id " + lost.id() + ", between",
              "trade id " + altered.id() + " as tick",
              "price is 1, not",
              "trade id " + unknown.id() + " as tick");

      gap(cassandra, keyspace, lost);
      assertThat(audit(stores, keyspace, venue.restUri().toString()).exitCode()).isEqualTo(1);
      assertThat(counts(report())).isEqualTo("0 missing, 1 unknown, 1 different");

      SimMatch wild = trades.get(4_500);
      cassandra.execute(
          "UPDATE " + keyspace + ".ticks SET trade_id = '9000000000000000000'" + KEY,
          key(wild, 4_500));
      assertThat(audit(stores, keyspace, venue.restUri().toString()).exitCode()).isEqualTo(1);
      assertThat(counts(report())).isEqualTo("1 missing, 2 unknown, 1 different");

      InProcessAudit none =
          audit(stores, keyspace, venue.restUri().toString(), "--venue-products=ETH-USD");
      assertThat(none.exitCode()).isEqualTo(2);
      assertThat(none.output()).contains("There is nothing of coinbase", "ETH-USD", "--venue-p");

      InProcessAudit few =
          audit(stores, keyspace, venue.restUri().toString(), "--venue-requests=2");
      assertThat(few.exitCode()).isEqualTo(2);
      assertThat(few.output()).contains("needs about", "--venue-last");

      for (int index = 4_890; index < trades.size(); index++) {
        delete(cassandra, keyspace, trades.get(index), index);
      }
      InProcessAudit ended = audit(stores, keyspace, venue.restUri().toString());
      assertThat(counts(report())).startsWith("11 missing, ");
      assertThat(ended.output())
          .contains("has no tick after " + trades.get(4_889).time().truncatedTo(ChronoUnit.MILLIS));
    }
    InProcessAudit alone = audit(stores, keyspace, "http://127.0.0.1:" + FreePorts.next());
    assertThat(alone.exitCode()).isEqualTo(2);
    assertThat(alone.output()).contains("market-stream: Cannot connect to the venue at http://");
  }

  private static final String KEY =
      " WHERE source = 'coinbase' AND symbol = 'BTC-USD' AND hour = ? AND event_time = ?"
          + " AND session = ? AND sequence = ?";

  private static Object[] key(SimMatch trade, long sequence) {
    return new Object[] {
      trade.time().truncatedTo(ChronoUnit.HOURS),
      trade.time().truncatedTo(ChronoUnit.MILLIS),
      1L,
      sequence
    };
  }

  private static void store(CqlSession cassandra, String keyspace, List<SimMatch> trades) {
    String columns =
        " (source, symbol, hour, event_time, session, sequence, kind, price, volume, received_at";
    PreparedStatement tick =
        cassandra.prepare(
            "INSERT INTO "
                + keyspace
                + ".ticks"
                + columns
                + ", trade_id, side, origin) VALUES ('coinbase', 'BTC-USD', ?, ?, ?, ?, 'trade',"
                + " ?, ?, ?, ?, ?, 'live')");
    long sequence = 0;
    List<CompletionStage<?>> writes = new ArrayList<>();
    for (SimMatch trade : trades) {
      Object[] key = key(trade, sequence++);
      writes.add(
          cassandra.executeAsync(
              tick.bind(
                  key[0],
                  key[1],
                  key[2],
                  key[3],
                  new BigDecimal(trade.price()),
                  new BigDecimal(trade.size()),
                  key[1],
                  Long.toString(trade.id()),
                  trade.makerSide().opposite().wireName())));
      if (writes.size() == 200) {
        writes.forEach(write -> write.toCompletableFuture().join());
        writes.clear();
      }
    }
    writes.forEach(write -> write.toCompletableFuture().join());
    SimMatch newest = trades.get(trades.size() - 1);
    Object[] key = key(newest, sequence - 1);
    cassandra.execute(
        "INSERT INTO "
            + keyspace
            + ".latest_ticks"
            + columns
            + ") VALUES ('coinbase', 'BTC-USD', ?, ?, ?, ?, 'trade', ?, ?, ?)",
        key[0],
        key[1],
        key[2],
        key[3],
        new BigDecimal(newest.price()),
        new BigDecimal(newest.size()),
        key[1]);
  }

  private static void delete(CqlSession cassandra, String keyspace, SimMatch trade, long sequence) {
    cassandra.execute("DELETE FROM " + keyspace + ".ticks" + KEY, key(trade, sequence));
  }

  private static void gap(CqlSession cassandra, String keyspace, SimMatch lost) {
    Instant start = lost.time().truncatedTo(ChronoUnit.MILLIS);
    cassandra.execute(
        "INSERT INTO "
            + keyspace
            + ".feed_gaps (source, symbol, month, gap_start, session_before, first_missing,"
            + " gap_end, session_after, cause, first_missing_id, last_missing_id)"
            + " VALUES ('coinbase', 'BTC-USD', ?, ?, 1, 3000, ?, 1, 'VENUE_DROPPED', ?, ?)",
        start.atZone(ZoneOffset.UTC).toLocalDate().withDayOfMonth(1),
        start,
        start.plusSeconds(1),
        Long.toString(lost.id()),
        Long.toString(lost.id()));
  }

  private InProcessAudit audit(TestStack stores, String keyspace, String url, String... further) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--cassandra=127.0.0.1:" + stores.cassandra.cqlAddress().getPort(),
                "--keyspace=" + keyspace,
                "--venue",
                "--venue-url=" + url,
                "--until=" + until,
                "--report=" + home.resolve("report.json")));
    arguments.addAll(List.of(further));
    return InProcessAudit.run(home, arguments);
  }

  private JsonNode report() throws Exception {
    return new ObjectMapper().readTree(home.resolve("report.json").toFile());
  }

  private static String counts(JsonNode report) {
    return report.get("venue_missing_here").asInt()
        + " missing, "
        + report.get("venue_unknown_trade").asInt()
        + " unknown, "
        + report.get("venue_different_trade").asInt()
        + " different";
  }
}
