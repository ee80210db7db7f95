package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.spark.failure.JobFailedException;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class RealTimeSparkQueryTest {
  @Test
  void aPartitionThatAnIntervalDidNotReadIsFound() {
    Map<String, Long> start = Map.of("t-0", 5L, "t-1", 7L, "t-2", 0L);
    Map<String, Long> end = Map.of("t-0", 9L, "t-1", 7L, "t-2", 0L, "t-3", 0L);
    Map<String, Long> latest = Map.of("t-0", 12L, "t-1", 7L, "t-2", 4L, "t-3", 3L);

    assertThat(RealTimeSparkQuery.unread(start, end, latest)).isEqualTo(Map.of("t-2", 4L));
  }

  /** Spark's own default parallelism can be set to anything. */
  @Test
  void theSlotsOfALocalMasterAreItsThreads() {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[3]")
            .config("spark.default.parallelism", "100")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate()) {
      assertThat(TaskSlots.of(spark.sparkContext())).hasValue(3);
      RealTimeSparkQuery.requireSlots(spark, 2);
      assertThatThrownBy(() -> RealTimeSparkQuery.requireSlots(spark, 3))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("needs 4 task slots")
          .hasMessageEndingWith("give --master 'local[5]'");
    }
  }
}
