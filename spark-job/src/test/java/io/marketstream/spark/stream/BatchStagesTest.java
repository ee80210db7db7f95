package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.marketstream.model.CandleInterval;
import io.marketstream.model.RejectReason;
import io.marketstream.spark.candle.Candle;
import io.marketstream.spark.candle.FoldedRowCodec;
import io.marketstream.spark.candle.LatestTick;
import io.marketstream.spark.cassandra.UnwritableRowException;
import io.marketstream.spark.codec.TickCodec;
import io.marketstream.spark.metrics.BatchCounts;
import io.marketstream.spark.metrics.BatchCountsAccumulator;
import io.marketstream.spark.metrics.JobCounter;
import io.marketstream.spark.record.Gap;
import io.marketstream.spark.record.MarketRecord;
import io.marketstream.spark.record.Reject;
import io.marketstream.spark.record.Tick;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs both stages of a batch in several tasks of a real Spark, with a store in memory. */
class BatchStagesTest {
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

  /** Shared with the tasks, which run in this JVM. */
  private static final Queue<MarketRecord> STORED = new ConcurrentLinkedQueue<>();

  private static final AtomicInteger OPENED = new AtomicInteger();
  private static final AtomicInteger FLUSHED = new AtomicInteger();
  private static final AtomicInteger CLOSED = new AtomicInteger();

  private final long receivedAt = System.currentTimeMillis() - RECEIVED_AGO_MS;

  /** Keeps records in memory. It fails to encode one symbol, and refuses to write another. */
  private static final class Memory implements RecordStore {
    private boolean refused;

    Memory() {
      OPENED.incrementAndGet();
    }

    @Override
    public void add(Tick tick) {
      if (tick.symbol().equals("DEFECT")) {
        throw new UnwritableRowException(new ArithmeticException("of the test"));
      }
      refused |= tick.symbol().equals("REFUSED");
      STORED.add(tick);
    }

    @Override
    public void add(Gap gap) {
      STORED.add(gap);
    }

    @Override
    public void add(Reject reject) {
      STORED.add(reject);
    }

    @Override
    public void send(Runnable whenRowsStored, Consumer<Throwable> whenFailed) {
      whenRowsStored.run();
    }

    @Override
    public void flush() {
      if (refused) {
        throw new IllegalStateException("a write failed");
      }
      FLUSHED.incrementAndGet();
    }

    @Override
    public void close() {
      CLOSED.incrementAndGet();
    }
  }

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

  @BeforeEach
  void forget() {
    STORED.clear();
    OPENED.set(0);
    FLUSHED.set(0);
    CLOSED.set(0);
  }

  @Test
  void everyRecordIsStoredOnceAndTicksAreReturned() {
    BatchCountsAccumulator counters = BatchCountsAccumulator.register(spark, "query");

    List<byte[]> encoded = store(dataset(rows()).repartition(3), counters).collectAsList();

    assertThat(STORED).filteredOn(Gap.class::isInstance).hasSize(1);
    assertThat(STORED)
        .filteredOn(Reject.class::isInstance)
        .extracting(reject -> ((Reject) reject).reason())
        .containsExactlyInAnyOrder(RejectReason.INVALID_JSON, RejectReason.MISSING_FIELD);
    assertThat(STORED)
        .filteredOn(Tick.class::isInstance)
        .hasSize(11)
        .containsExactlyInAnyOrderElementsOf(encoded.stream().map(TickCodec::decode).toList());
    assertThat(OPENED).hasValue(3);
    assertThat(FLUSHED).hasValue(3);
    assertThat(CLOSED).hasValue(3);
    BatchCounts counts = counters.value();
    assertThat(counts.get(JobCounter.READ)).isEqualTo(14);
    assertThat(counts.get(JobCounter.TICKS)).isEqualTo(11);
    assertThat(counts.get(JobCounter.GAPS)).isEqualTo(1);
    assertThat(counts.get(JobCounter.REJECTED)).isEqualTo(2);
    assertThat(counts.get(JobCounter.WRITTEN)).isEqualTo(12);
    // Their event times are months old.
    assertThat(counts.get(JobCounter.DELAYED)).isEqualTo(11);
  }

  @Test
  void theAgeOfATickIsThatAtTheEndOfItsTask() {
    BatchCountsAccumulator counters = BatchCountsAccumulator.register(spark, "query");
    long begin = System.currentTimeMillis();

    store(dataset(rows()).repartition(3), counters).collectAsList();

    long millis = System.currentTimeMillis() - begin;
    assertThat(counters.value().ages().quantile(0)).isGreaterThanOrEqualTo(RECEIVED_AGO_MS);
    assertThat(counters.value().ages().max())
        .isBetween(RECEIVED_AGO_MS, begin - receivedAt + millis);
  }

  @Test
  void aTaskWhoseRowsAreNotWrittenFails() {
    BatchCountsAccumulator counters = BatchCountsAccumulator.register(spark, "query");
    List<Row> rows = List.of(record("market_data", 0, tick("REFUSED", 0)));

    assertThatThrownBy(() -> store(dataset(rows), counters).collectAsList())
        .hasStackTraceContaining("a write failed");
    assertThat(CLOSED).hasValue(OPENED.get());
    assertThat(counters.value().get(JobCounter.WRITTEN)).isZero();
  }

  @Test
  void aTickThatCannotBeEncodedIsRejected() {
    BatchCountsAccumulator counters = BatchCountsAccumulator.register(spark, "query");
    List<Row> rows =
        List.of(
            record("market_data", 0, tick("DEFECT", 0)), record("market_data", 1, tick("AAPL", 0)));

    assertThat(store(dataset(rows).coalesce(1), counters).collectAsList()).hasSize(1);

    assertThat(STORED)
        .satisfiesExactly(
            defect -> {
              assertThat(((Reject) defect).reason()).isEqualTo(RejectReason.INTERNAL_ERROR);
              assertThat(((Reject) defect).detail()).contains("of the test");
              assertThat(((Reject) defect).input()).contains("DEFECT");
              assertThat(defect.at().origin()).isEqualTo("market_data-0-0");
            },
            next -> assertThat(((Tick) next).symbol()).isEqualTo("AAPL"));
    assertThat(counters.value().get(JobCounter.INTERNAL_ERRORS)).isEqualTo(1);
    assertThat(counters.value().get(JobCounter.TICKS)).isEqualTo(1);
  }

  @Test
  void delayedAndAheadTicksAreCounted() {
    BatchCountsAccumulator counters = BatchCountsAccumulator.register(spark, "query");
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

    store(dataset(rows), counters).collectAsList();

    assertThat(counters.value().get(JobCounter.TICKS)).isEqualTo(6);
    assertThat(counters.value().get(JobCounter.DELAYED)).isEqualTo(1);
    assertThat(counters.value().get(JobCounter.AHEAD)).isEqualTo(2);
  }

  @Test
  void theFoldReturnsWhatChangedAndCounts() throws InterruptedException {
    BatchCountsAccumulator counters = BatchCountsAccumulator.register(spark, "query");
    List<Candle> candles = new ArrayList<>();
    Map<String, LatestTick> latest = new HashMap<>();

    List<byte[]> changed =
        store(dataset(rows()).repartition(3), counters)
            .groupByKey((MapFunction<byte[], String>) TickCodec::key, Encoders.STRING())
            .flatMapGroupsWithState(
                new FoldSymbol(List.of(CandleInterval.parse("1m")), 120_000, counters),
                OutputMode.Append(),
                Encoders.BINARY(),
                Encoders.BINARY(),
                GroupStateTimeout.NoTimeout())
            .collectAsList();
    for (byte[] row : changed) {
      FoldedRowCodec.decode(
          row,
          new FoldedRowCodec.Handler() {
            @Override
            public void handle(Candle candle) {
              candles.add(candle);
            }

            @Override
            public void handle(LatestTick tick) {
              latest.put(tick.tick().symbol(), tick);
            }
          });
    }

    assertThat(candles).hasSize(10).allMatch(candle -> candle.trades() == 1);
    assertThat(candles)
        .extracting(Candle::symbol, candle -> (candle.openTime() - MINUTE) / 60_000)
        .contains(tuple("AAPL", 0L), tuple("MSFT", 4L));
    assertThat(latest).containsOnlyKeys("AAPL", "MSFT");
    assertThat(latest.get("AAPL").tick().sequence()).isEqualTo(4);
    BatchCounts counts = counters.value();
    assertThat(counts.get(JobCounter.READ)).isEqualTo(14);
    assertThat(counts.get(JobCounter.FOLDED)).isEqualTo(10);
    assertThat(counts.get(JobCounter.DUPLICATES)).isEqualTo(1);
    // Two symbols of five minutes. The first two minutes are over.
    assertThat(counts.get(JobCounter.OPEN_CANDLES)).isEqualTo(6);
    assertThat(counts.get(JobCounter.CHANGED)).isEqualTo(12);
    assertThat(counts.get(JobCounter.WRITTEN)).isEqualTo(12);
    assertThat(counts.watermark()).isEqualTo(MINUTE + 4 * 60_000 - 120_000);
  }

  private static Dataset<byte[]> store(Dataset<Row> records, BatchCountsAccumulator counters) {
    return records.mapPartitions(
        new StoreRecords("market_data_gaps", 30_000, Memory::new, counters), Encoders.BINARY());
  }

  private static Dataset<Row> dataset(List<Row> rows) {
    return spark.createDataset(rows, Encoders.row(RECORD)).toDF();
  }

  private List<Row> rows() {
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
    return rows;
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
