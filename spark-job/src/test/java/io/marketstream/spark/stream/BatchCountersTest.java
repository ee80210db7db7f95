package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.spark.metrics.BatchCounts;
import io.marketstream.spark.metrics.Count;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tasks of a real Spark count. */
class BatchCountersTest {
  private static SparkSession spark;

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
}
