package io.marketstream.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counts in tasks of a real Spark. */
class BatchCountsAccumulatorTest {
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
  void theNextBatchDoesNotChangeTheCounts() {
    BatchCountsAccumulator counters = BatchCountsAccumulator.register(spark, "ticks");
    counters.add(JobCounter.READ, 3);
    BatchCounts counts = counters.value();

    counters.add(JobCounter.READ, 1);
    assertThat(counts.get(JobCounter.READ)).isEqualTo(3);

    counters.reset();
    assertThat(counters.value().isZero()).isTrue();
    assertThat(counts.get(JobCounter.READ)).isEqualTo(3);
  }

  /** The fold and the writer of its rows count like this. */
  @Test
  void twoFunctionsOfOneStageAddUp() {
    BatchCountsAccumulator counters = BatchCountsAccumulator.register(spark, "ticks");

    spark
        .range(0, 10, 1, 3)
        .map((MapFunction<Long, Long>) number -> count(counters, number), Encoders.LONG())
        .map((MapFunction<Long, Long>) number -> count(counters, number), Encoders.LONG())
        .collectAsList();

    assertThat(counters.value().get(JobCounter.WRITTEN)).isEqualTo(20);
  }

  private static Long count(BatchCountsAccumulator counters, Long number) {
    counters.add(JobCounter.WRITTEN, 1);
    return number;
  }
}
