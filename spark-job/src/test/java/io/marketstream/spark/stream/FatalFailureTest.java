package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.streaming.OffsetSeqLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FatalFailureTest {

  /** Words of Spark's Kafka source, as they reach the driver inside a failed stage. */
  @Test
  void recordsThatAgedOutAreFatalAndTheChoiceIsNamed() {
    Exception failure =
        new IllegalStateException(
            "Job aborted due to stage failure",
            new IllegalStateException(
                "Cannot fetch offset 7. If you don't want your streaming query to fail on such"
                    + " cases, set the source option \"failOnDataLoss\" to \"false\"."));

    assertThat(FatalFailure.of(failure))
        .hasValueSatisfying(
            advice ->
                assertThat(advice)
                    .contains("no longer holds")
                    .endsWith("--kafka-option failOnDataLoss=false"));
  }

  @Test
  void stateOfANewerJobIsFatalInTheWordsOfTheCodec() {
    Exception failure =
        new IllegalStateException(
            "Task 0 failed:\njava.lang.IllegalStateException: the checkpoint holds state of version"
                + " 9, this job reads version 1\n\tat somewhere");

    assertThat(FatalFailure.of(failure))
        .hasValue("the checkpoint holds state of version 9, this job reads version 1");
  }

  /** Spark's own log of offsets, with the file that a machine left which lost its power. */
  @Test
  void anEmptyFileOfOffsetsIsFatalAndNamed(@TempDir Path offsets) throws IOException {
    Path file = Files.createFile(offsets.resolve("7"));
    SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    try {
      Throwable failure =
          catchThrowable(() -> new OffsetSeqLog(spark, offsets.toUri().toString()).get(7));

      assertThat(FatalFailure.of(failure))
          .hasValueSatisfying(
              advice ->
                  assertThat(advice)
                      .contains(file.toString())
                      .contains("delete it and its .crc")
                      .contains("new --checkpoint"));
    } finally {
      spark.stop();
    }
  }

  @Test
  void anythingElseMayPass() {
    assertThat(FatalFailure.of(new IllegalStateException("no node", new RuntimeException())))
        .isEmpty();
  }
}
