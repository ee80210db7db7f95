package io.marketstream.spark.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.marketstream.spark.settings.KafkaOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class KafkaSourceTest {
  @Test
  void aHangingBrokerIsGivenLessThanKafkasOwnMinute() {
    assertThat(KafkaSource.withDefaults(Map.of()))
        .containsEntry("kafka.request.timeout.ms", "5000")
        .containsEntry("kafka.default.api.timeout.ms", "20000");
  }

  @Test
  void anyRequestTimeoutMayBeGivenAlone() {
    Map<String, String> options =
        KafkaSource.withDefaults(Map.of("kafka.request.timeout.ms", "30000"));

    assertThat(options)
        .containsEntry("kafka.request.timeout.ms", "30000")
        .doesNotContainKey("kafka.default.api.timeout.ms");
    Map<String, Object> client = new HashMap<>(KafkaOptions.forClient(options));
    client.put("bootstrap.servers", "127.0.0.1:9");
    assertThatCode(() -> Admin.create(client).close(Duration.ZERO)).doesNotThrowAnyException();
  }

  @Test
  void aGivenApiTimeoutReplacesTheJobsOwn() {
    assertThat(KafkaSource.withDefaults(Map.of("kafka.default.api.timeout.ms", "60000")))
        .containsEntry("kafka.request.timeout.ms", "5000")
        .containsEntry("kafka.default.api.timeout.ms", "60000");
  }

  @Test
  void recordsOfAbortedTransactionsAreSkippedByDefault() {
    assertThat(KafkaSource.withDefaults(Map.of()))
        .containsEntry("kafka.isolation.level", "read_committed");
    assertThat(KafkaSource.withDefaults(Map.of("kafka.isolation.level", "read_uncommitted")))
        .containsEntry("kafka.isolation.level", "read_uncommitted");
  }
}
