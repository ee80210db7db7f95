package io.marketstream.spark.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KafkaSourceTest {
  @Test
  void thePatternMatchesTheExactNamesAndNothingElse() {
    String pattern = KafkaSource.exactly(List.of("market_data", "a.b"));

    assertThat("market_data").matches(pattern);
    assertThat("a.b").matches(pattern);
    assertThat(List.of("market_data_gaps", "xmarket_data", "aXb", "market_data|a.b", ""))
        .noneMatch(topic -> topic.matches(pattern));
  }
}
