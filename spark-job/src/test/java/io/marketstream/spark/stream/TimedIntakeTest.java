package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.spark.metrics.BatchCountsAccumulator;
import io.marketstream.spark.metrics.JobCounter;
import io.marketstream.spark.record.Gap;
import io.marketstream.spark.record.Reject;
import io.marketstream.spark.record.Tick;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TimedIntakeTest {
  private static SparkSession spark;

  private final Memory store = new Memory();
  private final BatchCountsAccumulator counters = BatchCountsAccumulator.register(spark, "test");
  private final TimedIntake intake = new TimedIntake("gaps", 30_000, store, counters);

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @Test
  void aTickIsSentWithoutAnother() throws Exception {
    intake.store(tick(1));

    Runnable whenStored = store.sends.poll(30, TimeUnit.SECONDS);

    assertThat(whenStored).isNotNull();
    assertThat(store.records).containsExactly("tick 1");
    intake.close(true);
    assertThat(store.events).containsExactly("flush", "close");
  }

  @Test
  void aTickCountsAsWrittenOnceItIsStored() throws Exception {
    intake.store(tick(1));
    Runnable whenStored = store.sends.poll(30, TimeUnit.SECONDS);
    intake.store(tick(2));
    assertThat(counters.value().get(JobCounter.READ)).isEqualTo(2);
    assertThat(counters.value().get(JobCounter.WRITTEN)).isZero();

    whenStored.run();
    store.sends.poll(30, TimeUnit.SECONDS).run();
    intake.close(true);

    assertThat(counters.value().get(JobCounter.WRITTEN)).isEqualTo(2);
    assertThat(counters.value().ages().isEmpty()).isFalse();
  }

  /** The task waits in Kafka, where nothing else would wake it. */
  @Test
  void aFailureInterruptsTheTask() {
    store.failure = new IllegalStateException("Cassandra is away");
    intake.store(tick(1));

    assertThatThrownBy(() -> TimeUnit.SECONDS.sleep(30)).isInstanceOf(InterruptedException.class);

    assertThatThrownBy(() -> intake.store(tick(2))).hasMessageContaining("Cassandra is away");
    intake.close(false);
    assertThat(store.events).containsExactly("close");
  }

  /** No other record comes, so nobody asks the store again before the end of the interval. */
  @Test
  void aFailureAfterTheLastRecordInterruptsTheTask() throws Exception {
    intake.store(tick(1));
    store.sends.poll(30, TimeUnit.SECONDS);

    store.whenFailed.accept(new IllegalStateException("Cassandra refuses"));

    assertThatThrownBy(() -> TimeUnit.SECONDS.sleep(30)).isInstanceOf(InterruptedException.class);
    assertThatThrownBy(() -> intake.store(tick(2))).hasMessageContaining("Cassandra refuses");
    intake.close(false);
  }

  /** The task fails with Kafka's exception for an interrupt, which does not name the reason. */
  @Test
  void theEndOfAnInterruptedTaskNamesTheReason() throws Exception {
    intake.store(tick(1));
    store.sends.poll(30, TimeUnit.SECONDS);
    store.whenFailed.accept(new IllegalStateException("Cassandra refuses"));
    assertThatThrownBy(() -> TimeUnit.SECONDS.sleep(30)).isInstanceOf(InterruptedException.class);

    assertThatThrownBy(() -> intake.close(false)).hasMessageContaining("Cassandra refuses");

    assertThat(store.events).containsExactly("close");
  }

  /** Spark would commit the interval otherwise. */
  @Test
  void theEndFailsIfARecordIsNotStored() throws Exception {
    intake.store(tick(1));
    store.sends.poll(30, TimeUnit.SECONDS);
    store.failure = new IllegalStateException("Cassandra is away");

    assertThatThrownBy(() -> intake.close(true)).hasMessageContaining("Cassandra is away");

    assertThat(store.events).containsExactly("close");
  }

  private static Row tick(int sequence) {
    String value =
        """
        {"source":"finnhub","kind":"trade","symbol":"AAPL","price":"1.5","volume":"5",\
        "event_time":1763900000000,"received_at":1763900000050,"session":1763899990000,\
        "sequence":%d}"""
            .formatted(sequence);
    return RowFactory.create(
        "market_data", 0, (long) sequence, 0L, value.getBytes(StandardCharsets.UTF_8));
  }

  private static final class Memory implements RecordStore {
    final List<String> records = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    final BlockingQueue<Runnable> sends = new LinkedBlockingQueue<>();
    volatile RuntimeException failure;
    volatile Consumer<Throwable> whenFailed;

    @Override
    public void add(Tick tick) {
      records.add("tick " + tick.sequence());
    }

    @Override
    public void add(Gap gap) {
      records.add("gap");
    }

    @Override
    public void add(Reject reject) {
      records.add("reject");
    }

    @Override
    public void send(Runnable whenRowsStored, Consumer<Throwable> whenOneFailed) {
      throwIfFailed();
      whenFailed = whenOneFailed;
      sends.add(whenRowsStored);
    }

    @Override
    public void flush() {
      throwIfFailed();
      events.add("flush");
    }

    @Override
    public void close() {
      events.add("close");
    }

    private void throwIfFailed() {
      if (failure != null) {
        throw failure;
      }
    }
  }
}
