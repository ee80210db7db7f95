package io.marketstream.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SparkProgressTest {
  @Test
  void theLagIsTheSumOverAllPartitionsOfAllTopics() {
    assertThat(
            SparkProgress.lag(
                "{\"market_data\":{\"0\":120,\"1\":3000000000},\"market_data_gaps\":{\"0\":5}}",
                "{\"market_data\":{\"1\":2999999990,\"0\":100},\"market_data_gaps\":{\"0\":5}}"))
        .isEqualTo(30);
  }

  /** In real-time mode, a partition can be beyond the end that it had when the interval began. */
  @Test
  void aPartitionDoesNotMakeUpForAnother() {
    assertThat(SparkProgress.lag("{\"t\":{\"0\":1000,\"1\":0}}", "{\"t\":{\"0\":0,\"1\":5000}}"))
        .isEqualTo(1000);
  }

  @Test
  void digitsInATopicNameAreNotOffsets() {
    assertThat(SparkProgress.lag("{\"data-2.1\":{\"0\":7}}", "{\"data-2.1\":{\"0\":7}}")).isZero();
  }

  @Test
  void aRecreatedTopicIsNotBehind() {
    assertThat(SparkProgress.lag("{\"t\":{\"0\":3}}", "{\"t\":{\"0\":9}}")).isZero();
  }

  @Test
  void withoutOffsetsTheLagIsUnknown() {
    assertThat(SparkProgress.lag(null, "{}")).isEqualTo(SparkProgress.UNKNOWN);
    assertThat(SparkProgress.lag("{}", null)).isEqualTo(SparkProgress.UNKNOWN);
    assertThat(SparkProgress.lag("{\"t\":", "{}")).isEqualTo(SparkProgress.UNKNOWN);
  }
}
