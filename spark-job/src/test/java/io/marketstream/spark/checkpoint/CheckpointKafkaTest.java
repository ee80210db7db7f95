package io.marketstream.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.spark.failure.StartException;
import io.marketstream.spark.kafka.KafkaClusterInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointKafkaTest {
  private final Configuration hadoop = new Configuration();
  @TempDir private Path directory;

  @Test
  void theSameClusterAndTopicsAreAccepted() {
    KafkaClusterInfo kafka =
        new KafkaClusterInfo("c1", List.of("market_data"), Map.of("market_data", "t1"));

    check(kafka);

    assertThatCode(() -> check(kafka)).doesNotThrowAnyException();
  }

  @Test
  void anotherClusterIsRefused() {
    check(new KafkaClusterInfo("c1", List.of(), Map.of()));

    assertThatThrownBy(() -> check(new KafkaClusterInfo("c2", List.of(), Map.of())))
        .isInstanceOf(CheckpointKafka.OtherRecordsException.class)
        .hasMessageContaining("belongs to the Kafka cluster c1")
        .hasMessageContaining("but --bootstrap-servers belong to the cluster c2")
        .hasMessageContaining("new --checkpoint");
  }

  @Test
  void aTopicThatWasCreatedAgainIsRefused() {
    check(new KafkaClusterInfo("c1", List.of("market_data"), Map.of("market_data", "t1")));

    assertThatThrownBy(
            () ->
                check(
                    new KafkaClusterInfo(
                        "c1", List.of("market_data"), Map.of("market_data", "t2"))))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("the topic market_data with the id t1")
        .hasMessageContaining("now has the id t2")
        .hasMessageContaining("new --checkpoint");
  }

  @Test
  void aLaterTopicIsRemembered() {
    check(new KafkaClusterInfo("c1", List.of(), Map.of()));
    check(new KafkaClusterInfo("c1", List.of("market_data"), Map.of("market_data", "t1")));

    assertThatThrownBy(
            () ->
                check(
                    new KafkaClusterInfo(
                        "c1", List.of("market_data"), Map.of("market_data", "t2"))))
        .isInstanceOf(StartException.class);
  }

  /** A broker without ids, so there is nothing to compare. */
  @Test
  void unknownIdsAreNotCompared() {
    check(new KafkaClusterInfo("c1", List.of("market_data"), Map.of("market_data", "t1")));

    assertThatCode(() -> check(new KafkaClusterInfo(null, List.of("market_data"), Map.of())))
        .doesNotThrowAnyException();
  }

  @Test
  void aDeletedTopicIsRefusedUnlessTheUserAcceptsIt() {
    check(new KafkaClusterInfo("c1", List.of("market_data"), Map.of("market_data", "t1")));
    KafkaClusterInfo gone = new KafkaClusterInfo("c1", List.of(), Map.of());

    assertThatThrownBy(() -> check(gone))
        .isInstanceOf(StartException.class)
        .isNotInstanceOf(CheckpointKafka.OtherRecordsException.class)
        .hasMessageContaining("the topic market_data")
        .hasMessageContaining("is gone")
        .hasMessageContaining("failOnDataLoss=false");
    assertThatCode(() -> check(gone, false)).doesNotThrowAnyException();
  }

  /** A temporary error of the file system is an outage and does not end a running job. */
  @Test
  void anUnreadableDirectoryIsNotAnotherCluster() throws IOException {
    Files.writeString(directory.resolve("market-data-job.kafka"), "a file in the way");

    assertThatThrownBy(() -> check(new KafkaClusterInfo("c1", List.of(), Map.of())))
        .isInstanceOf(StartException.class)
        .isNotInstanceOf(CheckpointKafka.OtherRecordsException.class)
        .hasMessageContaining("cannot be written");
  }

  private void check(KafkaClusterInfo kafka) {
    check(kafka, true);
  }

  private void check(KafkaClusterInfo kafka, boolean failOnDataLoss) {
    new CheckpointKafka(
            hadoop,
            directory.toUri().toString(),
            List.of("market_data", "market_data_gaps"),
            failOnDataLoss)
        .check(kafka);
  }
}
