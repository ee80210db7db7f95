package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.marketstream.auditor.cluster.AuditProgress;
import io.marketstream.auditor.cluster.AuditScope;
import io.marketstream.auditor.cluster.AuditedTopics;
import io.marketstream.auditor.cluster.ClusterAudit;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.model.CandleInterval;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Candles in the table: the trading day of a stock with its auctions, rows of a host whose clock is
 * ahead, and trades that a repair brings after their candles have closed.
 */
@Tag("job")
@Tag("extended")
@ExtendWith(SharedStores.class)
class CandlesIT {
  private static final long DAY = Instant.parse("2026-01-05T00:00:00Z").toEpochMilli();
  private static final long OPENING = DAY + 14 * 3_600_000 + 30 * 60_000;
  private static final long CLOSING = DAY + 21 * 3_600_000;
  private static final long SESSION = DAY;

  /** Names the options, because the job reports them only for the time since its first start. */
  private static final AuditScope SCOPE =
      new AuditScope(
          Set.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(List.of(CandleInterval.parse("1m"), CandleInterval.parse("1h"))),
          Optional.of(Duration.ofMinutes(2)),
          AuditScope.DEFAULT_SETTLING,
          AuditScope.DEFAULT_WAIT);

  private final List<TopicRecord> records = new ArrayList<>();
  private long sequence;

  /**
   * A job writes the first half of the day with write times one hour ahead, like a host whose clock
   * is ahead. The second half must still win.
   */
  @Test
  void aDayHasItsAuctionsAndTheLaterCandleWins(TestStack stores) {
    JobTopics topics = JobTopics.unique("candles");
    stores.createTopic(topics.ticks(), 1);
    stores.createTopic(topics.gaps(), 1);
    try (CqlSession cassandra = stores.session();
        JobRun job = new JobRun(stores, topics, stores.newKeyspace("candles"))) {
      job.option("--candles", "1m,1d");
      trade(topics, DAY + 9 * 3_600_000, "187.10", 100, "24");
      trade(topics, OPENING, "189.00", 50_000, "34");
      long inAnHour = (System.currentTimeMillis() + 3_600_000) * 1000;
      publish(stores);
      job.conf("spark.cassandra.output.timestamp", "" + inAnHour).runOnce();
      trade(topics, OPENING + 30_000, "190.00", 300, "1");
      trade(topics, CLOSING + 150, "190.55", 4_000_000, "36");
      trade(topics, CLOSING + 160, "190.55", 4_000_000, "16");
      trade(topics, CLOSING + 3_600_000, "205.00", 100, "24");
      publish(stores);
      job.conf("spark.cassandra.output.timestamp", "0").runOnce();

      assertThat(candle(cassandra, job, "1m", DAY + 9 * 3_600_000))
          .isEqualTo("187.10 187.10 187.10 187.10 100 1 extended");
      assertThat(candle(cassandra, job, "1m", OPENING))
          .isEqualTo("189.00 190.00 189.00 190.00 50300 2 trade");
      assertThat(candle(cassandra, job, "1m", CLOSING))
          .isEqualTo("190.55 190.55 190.55 190.55 4000000 1 trade");
      assertThat(candle(cassandra, job, "1d", DAY))
          .isEqualTo("189.00 190.55 189.00 190.55 4050500 5 trade");
    }
  }

  /** The lateness has closed their candles, and the job was restarted in the meantime. */
  @Test
  void repairedTradesCorrectClosedCandles(TestStack stores) throws InterruptedException {
    // Yesterday, because the audit does not look at ticks that the table may have deleted.
    long hour =
        Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofHours(14)).toEpochMilli();
    JobTopics topics = JobTopics.unique("repaired");
    stores.createTopic(topics.ticks(), 1);
    stores.createTopic(topics.gaps(), 1);
    try (CqlSession cassandra = stores.session();
        JobRun job = new JobRun(stores, topics, stores.newKeyspace("repaired"))) {
      job.option("--candles", "1m,1h");
      venueTrade(topics, "live", "100", hour + 10_000, "5");
      venueTrade(topics, "live", "104", hour + 130_000, "6");
      venueTrade(topics, "live", "105", hour + 3_600_000, "7");
      publish(stores);
      job.runOnce();
      assertThat(candle(cassandra, job, "1m", hour)).isEqualTo("5 5 5 5 1 1 trade");

      venueTrade(topics, "repair", "101", hour + 20_000, "9");
      venueTrade(topics, "repair", "102", hour + 70_000, "3");
      publish(stores);
      job.runOnce();
      venueTrade(topics, "repair", "103", hour + 80_000, "4");
      venueTrade(topics, "live", "106", hour + 3_700_000, "8");
      publish(stores);
      job.runOnce();

      assertThat(candle(cassandra, job, "1m", hour)).isEqualTo("5 9 5 9 2 2 trade");
      assertThat(candle(cassandra, job, "1m", hour + 60_000)).isEqualTo("3 4 3 4 2 2 trade");
      assertThat(candle(cassandra, job, "1m", hour + 120_000)).isEqualTo("6 6 6 6 1 1 trade");
      assertThat(candle(cassandra, job, "1h", hour)).isEqualTo("5 9 3 6 5 5 trade");
      assertThat(job.batches()).allMatch(batch -> batch.count("late") == 0);

      cassandra.execute("USE " + job.keyspace());
      AuditReport audit = audit(stores, topics, cassandra);
      assertThat(audit.findings()).isEmpty();
      assertThat(audit.counts().candlesChecked()).isEqualTo(7);

      List<String> before = rowsWithWriteTimes(cassandra);
      try (JobRun rebuild = new JobRun(stores, topics, job.keyspace())) {
        rebuild.option("--candles", "1m,1h").runOnce();
      }
      assertThat(rowsWithWriteTimes(cassandra)).isEqualTo(before);
    }
  }

  private void venueTrade(
      JobTopics topics, String origin, String id, long eventTime, String price) {
    boolean isLive = origin.equals("live");
    StoredTick tick =
        StoredTick.trade(
                "AAPL",
                isLive ? SESSION : SESSION + 9,
                isLive ? sequence++ : Long.parseLong(id) - 101,
                price,
                eventTime)
            .withTrade(id, "buy", origin);
    records.add(new TopicRecord(topics.ticks(), tick.symbol(), tick.bytes()));
  }

  private static AuditReport audit(TestStack stores, JobTopics topics, CqlSession cassandra)
      throws InterruptedException {
    return new ClusterAudit(
            cassandra,
            Optional.of(
                new AuditedTopics(
                    Map.of("bootstrap.servers", stores.kafka.bootstrapServers()),
                    List.of(topics.ticks()),
                    topics.gaps(),
                    topics.rejected(),
                    "no-heartbeats")),
            Optional.empty(),
            SCOPE,
            Clock.systemUTC(),
            Optional.empty(),
            AuditProgress.NONE)
        .run();
  }

  private static List<String> rowsWithWriteTimes(CqlSession cassandra) {
    return cassandra
        .execute(
            "SELECT interval, open_time, open, high, low, close, vwap, trades, writetime(volume)"
                + " FROM candles")
        .all()
        .stream()
        .map(Row::getFormattedContents)
        .sorted()
        .toList();
  }

  private void trade(
      JobTopics topics, long eventTime, String price, long volume, String... conditions) {
    StoredTick tick =
        new StoredTick(
            "finnhub-sim",
            "AAPL",
            SESSION,
            sequence++,
            "trade",
            new BigDecimal(price),
            BigDecimal.valueOf(volume),
            List.of(conditions),
            eventTime,
            eventTime);
    records.add(new TopicRecord(topics.ticks(), tick.symbol(), tick.bytes()));
  }

  private void publish(TestStack stores) {
    TopicRecord.publish(stores.kafka, records);
    records.clear();
  }

  private static String candle(CqlSession cassandra, JobRun job, String interval, long openTime) {
    Row row =
        cassandra
            .execute(
                "SELECT * FROM "
                    + job.keyspace()
                    + ".candles WHERE source = 'finnhub-sim' AND symbol = 'AAPL' AND interval = ?"
                    + " AND month = ? AND open_time = ?",
                interval,
                LocalDate.ofInstant(Instant.ofEpochMilli(openTime), ZoneOffset.UTC)
                    .withDayOfMonth(1),
                Instant.ofEpochMilli(openTime))
            .one();
    return row == null
        ? "no row"
        : String.join(
            " ",
            row.getBigDecimal("open").toPlainString(),
            row.getBigDecimal("high").toPlainString(),
            row.getBigDecimal("low").toPlainString(),
            row.getBigDecimal("close").toPlainString(),
            row.getBigDecimal("volume").toPlainString(),
            "" + row.getLong("trades"),
            row.getString("kind"));
  }
}
