package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Candles in the table: the trading day of a stock with its auctions, and rows of a host whose
 * clock is ahead.
 */
@Tag("job")
@Tag("extended")
@ExtendWith(SharedStores.class)
class CandlesIT {
  private static final long DAY = Instant.parse("2026-01-05T00:00:00Z").toEpochMilli();
  private static final long OPENING = DAY + 14 * 3_600_000 + 30 * 60_000;
  private static final long CLOSING = DAY + 21 * 3_600_000;
  private static final long SESSION = DAY;

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
                    + " AND month = '2026-01-01' AND open_time = ?",
                interval,
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
