package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.spark.candle.CandleInterval;
import io.marketstream.spark.codec.TickCodec;
import io.marketstream.spark.metrics.BatchCounts;
import io.marketstream.spark.metrics.Count;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.GroupStateTimeout;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the functions of both queries count in several tasks of a real Spark. */
class BatchCountersTest {
  private static final long RECEIVED_AGO_MS = 90_000;

  /** A full minute, UTC. */
  private static final long MINUTE = 1_763_900_040_000L;

  private static final StructType RECORD =
      new StructType()
          .add("topic", "string")
          .add("partition", "int")
          .add("offset", "long")
          .add("timestamp", "long")
          .add("value", "binary");

  private static SparkSession spark;

  private final long receivedAt = System.currentTimeMillis() - RECEIVED_AGO_MS;

  @BeforeAll
  static void startSpark(@TempDir Path dir) {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.local.dir", dir.toString())
            .getOrCreate();
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @Test
  void everyRecordIsCountedForWhatItIs() {
    BatchCounters counters = new BatchCounters(spark, "ticks");
    long start = System.currentTimeMillis();

    records()
        .mapPartitions(
            new ParseRecords("market_data_gaps", 30_000, counters),
            Encoders.row(ParseRecords.SCHEMA))
        .collectAsList();
    long millis = System.currentTimeMillis() - start;

    BatchCounts counts = counters.taken();
    assertThat(counts.get(Count.READ)).isEqualTo(14);
    assertThat(counts.get(Count.TICKS)).isEqualTo(11);
    assertThat(counts.get(Count.GAPS)).isEqualTo(1);
    assertThat(counts.get(Count.REJECTED)).isEqualTo(2);
    assertThat(counts.get(Count.WRITTEN)).isEqualTo(12);
    // Their event times are months old.
    assertThat(counts.get(Count.DELAYED)).isEqualTo(11);
    assertThat(counts.ages().quantile(0.5))
        .isBetween(RECEIVED_AGO_MS, (RECEIVED_AGO_MS + millis + 1_000) * 33 / 32);
  }

  @Test
  void ticksWhoseEventTimeIsFarFromTheirReceiptAreCounted() {
    BatchCounters counters = new BatchCounters(spark, "ticks");
    List<Row> rows = new ArrayList<>();
    for (long delay : new long[] {60_001, 60_000, 0, -2_000, -2_001, -29_000}) {
      rows.add(
          record(
              "market_data",
              rows.size(),
              """
              {"source":"finnhub","kind":"trade","symbol":"AAPL","price":"1.5","volume":"5",\
              "event_time":%d,"received_at":%d,"session":1763899990000,"sequence":%d}"""
                  .formatted(MINUTE - delay, MINUTE, rows.size())));
    }

    spark
        .createDataset(rows, Encoders.row(RECORD))
        .toDF()
        .mapPartitions(
            new ParseRecords("market_data_gaps", 30_000, counters),
            Encoders.row(ParseRecords.SCHEMA))
        .collectAsList();

    assertThat(counters.taken().get(Count.TICKS)).isEqualTo(6);
    assertThat(counters.taken().get(Count.DELAYED)).isEqualTo(1);
    assertThat(counters.taken().get(Count.AHEAD)).isEqualTo(2);
  }

  @Test
  void whatIsTakenIsNotChangedByTheNextBatch() {
    BatchCounters counters = new BatchCounters(spark, "ticks");
    counters.add(Count.READ, 3);
    BatchCounts taken = counters.taken();

    counters.add(Count.READ, 1);
    assertThat(taken.get(Count.READ)).isEqualTo(3);

    counters.reset();
    assertThat(counters.taken().isZero()).isTrue();
    assertThat(taken.get(Count.READ)).isEqualTo(3);
  }

  @Test
  void theFoldCountsCandlesAndItsWatermarkOverAllSymbols() {
    BatchCounters counters = new BatchCounters(spark, "fold");

    records()
        .mapPartitions(new TicksOnly("market_data_gaps", 30_000, counters), Encoders.BINARY())
        .groupByKey((MapFunction<byte[], String>) TickCodec::key, Encoders.STRING())
        .flatMapGroupsWithState(
            new FoldSymbol(List.of(CandleInterval.parse("1m")), 120_000, counters),
            OutputMode.Update(),
            Encoders.BINARY(),
            Encoders.row(FoldSymbol.SCHEMA),
            GroupStateTimeout.NoTimeout())
        .collectAsList();

    BatchCounts counts = counters.taken();
    assertThat(counts.get(Count.READ)).isEqualTo(14);
    assertThat(counts.get(Count.TICKS)).isEqualTo(10);
    assertThat(counts.get(Count.DUPLICATES)).isEqualTo(1);
    // Two symbols of five minutes, of which the first two are over.
    assertThat(counts.get(Count.OPEN_CANDLES)).isEqualTo(6);
    assertThat(counts.get(Count.ROWS)).isEqualTo(12);
    assertThat(counts.get(Count.WRITTEN)).isEqualTo(12);
    assertThat(counts.watermark()).isEqualTo(MINUTE + 4 * 60_000 - 120_000);
    assertThat(counts.ages().quantile(0)).isGreaterThanOrEqualTo(RECEIVED_AGO_MS);
  }

  private Dataset<Row> records() {
    List<Row> rows = new ArrayList<>();
    for (String symbol : List.of("AAPL", "MSFT")) {
      for (int minute = 0; minute < 5; minute++) {
        rows.add(record("market_data", rows.size(), tick(symbol, minute)));
      }
    }
    rows.add(record("market_data", rows.size(), tick("MSFT", 4)));
    rows.add(record("market_data", rows.size(), "no JSON"));
    rows.add(record("market_data", rows.size(), "{}"));
    rows.add(
        record(
            "market_data_gaps",
            0,
            """
            {"source":"finnhub","symbol":"AAPL","cause":"STALLED","gap_start":1763900002000,\
            "session_before":1763899990000,"first_missing":4,"detail":"silence"}"""));
    return spark.createDataset(rows, Encoders.row(RECORD)).repartition(3).toDF();
  }

  private String tick(String symbol, int minute) {
    return """
    {"source":"finnhub","kind":"trade","symbol":"%s","price":"1.5","volume":"5",\
    "event_time":%d,"received_at":%d,"session":1763899990000,"sequence":%d}"""
        .formatted(symbol, MINUTE + minute * 60_000L, receivedAt, minute);
  }

  private static Row record(String topic, long offset, String value) {
    return RowFactory.create(topic, 0, offset, MINUTE, value.getBytes(StandardCharsets.UTF_8));
  }
}
