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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnrecoverableFailureTest {

  /** The message of Spark's Kafka source, as the driver receives it inside a failed stage. */
  @Test
  void recordsThatAgedOutAreUnrecoverable() {
    Exception failure =
        new IllegalStateException(
            "Job aborted due to stage failure",
            new IllegalStateException(
                "Cannot fetch offset 7. If you don't want your streaming query to fail on such"
                    + " cases, set the source option \"failOnDataLoss\" to \"false\"."));

    assertThat(UnrecoverableFailure.messageFor(failure))
        .hasValueSatisfying(
            advice ->
                assertThat(advice)
                    .contains("no longer has")
                    .endsWith("--kafka-option failOnDataLoss=false"));
  }

  /** In real-time mode, Spark passes on what the consumer says. */
  @Test
  void anOffsetThatIsOutOfRangeNeedsANewCheckpoint() {
    Exception failure =
        new IllegalStateException(
            "Job aborted due to stage failure: Task 0 in stage 0.0 failed 1 times: "
                + "org.apache.kafka.clients.consumer.OffsetOutOfRangeException: Fetch position"
                + " {offset=7} is out of range for partition market_data-0\n\tat somewhere");

    assertThat(UnrecoverableFailure.messageFor(failure))
        .hasValueSatisfying(
            advice ->
                assertThat(advice)
                    .contains("new --checkpoint")
                    .endsWith("is out of range for partition market_data-0"));
  }

  /**
   * This follows an unclean leader election, so advice about records that aged out would not help.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Partition market_data-0's offset was changed from 120 to 118, some data may have been"
            + " missed. set the source option \"failOnDataLoss\" to \"false\".",
        "[KAFKA_DATA_LOSS.PARTITION_OFFSET_CHANGED] Partition market_data-0 offset was changed from"
            + " 120 to 118. set the source option \"failOnDataLoss\" to \"false\"."
      })
  void aShorterPartitionHasItsOwnMessage(String ofSpark) {
    assertThat(UnrecoverableFailure.messageFor(new IllegalStateException(ofSpark)))
        .hasValueSatisfying(
            advice ->
                assertThat(advice)
                    .contains("a partition ends before the offset that the job has read")
                    .contains("unclean leader election")
                    .contains("failOnDataLoss=false")
                    .contains("offset was changed from 120 to 118")
                    .doesNotContain("aged out"));
  }

  @Test
  void missingPartitionsHaveTheirOwnMessage() {
    assertThat(
            UnrecoverableFailure.messageFor(
                new IllegalStateException(
                    "Set(market_data-1) are gone. Some data may have been missed.. set the source"
                        + " option \"failOnDataLoss\" to \"false\".")))
        .hasValueSatisfying(
            advice ->
                assertThat(advice)
                    .contains("their topic was deleted")
                    .contains("new --checkpoint")
                    .doesNotContain("aged out"));
  }

  @Test
  void stateOfANewerJobHasTheMessageOfTheCodec() {
    Exception failure =
        new IllegalStateException(
            "Task 0 failed:\njava.lang.IllegalStateException: the checkpoint holds state of version"
                + " 9, this job reads version 1\n\tat somewhere");

    assertThat(UnrecoverableFailure.messageFor(failure))
        .hasValue("the checkpoint holds state of version 9, this job reads version 1");
  }

  /** Spark's log of offsets can have an empty file after a power failure. */
  @Test
  void anEmptyFileOfOffsetsIsNamed(@TempDir Path offsets) throws IOException {
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

      assertThat(UnrecoverableFailure.messageFor(failure))
          .hasValueSatisfying(
              advice ->
                  assertThat(advice)
                      .contains(file.toString())
                      .contains("delete it (and its .crc file, if there is one)")
                      .contains("new --checkpoint"));
    } finally {
      spark.stop();
    }
  }

  @Test
  void anyOtherFailureMayBeTemporary() {
    assertThat(
            UnrecoverableFailure.messageFor(
                new IllegalStateException("no node", new RuntimeException())))
        .isEmpty();
  }

  /** Spark's text of records that aged out also speaks of a topic that may have been deleted. */
  @Test
  void recordsThatAgedOutAreNotADeletedTopic() {
    String spark =
        """
        Cannot fetch offset 10 (GroupId: g, TopicPartition: aged-21-0).
        Some data may have been lost because they are not available in Kafka any more; either the
         data was aged out by Kafka or the topic may have been deleted before all the data in the
         topic was processed. If you don't want your streaming query to fail on such cases, set the
         source option "failOnDataLoss" to "false".\
        """;

    assertThat(UnrecoverableFailure.messageFor(new IllegalStateException(spark)))
        .hasValueSatisfying(advice -> assertThat(advice).contains("Kafka no longer has records"));
  }
}
