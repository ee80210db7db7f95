package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.spark.failure.JobFailedException;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class TaskSlotsTest {
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
      SparkContext context = spark.sparkContext();

      assertThat(TaskSlots.shortage(context, 2)).isEmpty();
      TaskSlots.requireOfLocalMaster(context, 2);
      assertThatThrownBy(() -> TaskSlots.requireOfLocalMaster(context, 3))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("needs 4 task slots")
          .hasMessageContaining("there are 3")
          .hasMessageEndingWith("give --master 'local[5]'");
    }
  }
}
