package io.marketstream.spark.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class RejectedTopicTest {
  @Test
  void aBatchDoesNotWaitForEverForItsRejects() {
    assertThat(options(Map.of()))
        .containsEntry("delivery.timeout.ms", "30000")
        .containsEntry("max.block.ms", "30000");
  }

  /** Kafka refuses a producer whose delivery may take less time than one of its requests. */
  @Test
  void anyRequestTimeoutMayBeGiven() {
    Map<String, Object> options = options(Map.of("request.timeout.ms", "60000"));

    assertThatCode(
            () ->
                new KafkaProducer<>(options, new ByteArraySerializer(), new ByteArraySerializer())
                    .close())
        .doesNotThrowAnyException();
  }

  @Test
  void theUsersSettingWins() {
    assertThat(options(Map.of("delivery.timeout.ms", "120000", "client.id", "mine")))
        .containsEntry("delivery.timeout.ms", "120000")
        .containsEntry("client.id", "mine");
  }

  private static Map<String, Object> options(Map<String, String> given) {
    HashMap<String, String> client = new HashMap<>(given);
    client.put("bootstrap.servers", "127.0.0.1:1");
    return new RejectedTopic("rejected", client).producerOptions();
  }
}
