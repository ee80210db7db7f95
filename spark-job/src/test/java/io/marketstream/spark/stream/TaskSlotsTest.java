package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.spark.failure.JobFailedException;
import java.util.OptionalInt;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskSlotsTest {
  /** Spark's own default parallelism can be set to anything. */
  @Test
  void theSlotsOfALocalMasterAreItsThreads() {
    try (SparkSession spark = spark("local[3]")) {
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

  @Test
  void theThreadsOfALocalMasterWithoutANumberAreTheProcessors() {
    int processors = Runtime.getRuntime().availableProcessors();
    try (SparkSession spark = spark("local[*]")) {
      SparkContext context = spark.sparkContext();

      assertThat(TaskSlots.shortage(context, 6, 7)).isEmpty();
      assertThat(TaskSlots.shortage(context, 7, 7).orElseThrow()).endsWith("there are 7");
      assertThatThrownBy(() -> TaskSlots.requireOfLocalMaster(context, processors))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("there are " + processors + ":");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "local                     | 1",
        "local[2]                  | 2",
        "local[2,4]                | 2",
        "local[*]                  | 8",
        "local[* , 4]              | 8",
        "local-cluster[2,1,1024]   | ",
        "spark://localhost:7077    | ",
      })
  void onlyALocalMasterNamesItsThreads(String master, Integer threads) {
    assertThat(TaskSlots.threads(master, 8))
        .isEqualTo(threads == null ? OptionalInt.empty() : OptionalInt.of(threads));
  }

  private static SparkSession spark(String master) {
    return SparkSession.builder()
        .master(master)
        .config("spark.default.parallelism", "100")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate();
  }
}
