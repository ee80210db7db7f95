package io.marketstream.spark;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.spark.kafka.KafkaIdentity;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointKafkaTest {
  private final Configuration hadoop = new Configuration();
  @TempDir private Path directory;

  @Test
  void theSameClusterAndTopicsGoOn() {
    KafkaIdentity kafka = new KafkaIdentity("c1", Map.of("market_data", "t1"));

    check(kafka);

    assertThatCode(() -> check(kafka)).doesNotThrowAnyException();
  }

  @Test
  void anotherClusterIsRefused() {
    check(new KafkaIdentity("c1", Map.of()));

    assertThatThrownBy(() -> check(new KafkaIdentity("c2", Map.of())))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("belongs to the Kafka cluster c1")
        .hasMessageContaining("lead to the cluster c2")
        .hasMessageContaining("new --checkpoint");
  }

  @Test
  void aTopicThatWasCreatedAgainIsRefused() {
    check(new KafkaIdentity("c1", Map.of("market_data", "t1")));

    assertThatThrownBy(() -> check(new KafkaIdentity("c1", Map.of("market_data", "t2"))))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("the topic market_data with the id t1")
        .hasMessageContaining("now has the id t2")
        .hasMessageContaining("new --checkpoint");
  }

  @Test
  void aTopicThatComesLaterIsRememberedFromThenOn() {
    check(new KafkaIdentity("c1", Map.of()));
    check(new KafkaIdentity("c1", Map.of("market_data", "t1")));

    assertThatThrownBy(() -> check(new KafkaIdentity("c1", Map.of("market_data", "t2"))))
        .isInstanceOf(StartException.class);
  }

  /** A broker without ids, a right that is missing, a topic that is away: nothing to compare. */
  @Test
  void whatIsNotKnownIsNotCompared() {
    check(new KafkaIdentity("c1", Map.of("market_data", "t1")));

    assertThatCode(() -> check(new KafkaIdentity(null, Map.of()))).doesNotThrowAnyException();
  }

  private void check(KafkaIdentity kafka) {
    CheckpointKafka.check(hadoop, directory.toUri().toString(), kafka);
  }
}
