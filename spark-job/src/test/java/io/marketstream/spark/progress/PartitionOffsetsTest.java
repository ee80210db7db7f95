package io.marketstream.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionOffsetsTest {
  @Test
  void everyPartitionOfEveryTopicIsReadByItsName() {
    assertThat(
            PartitionOffsets.read(
                "{\"market_data\":{\"0\":120,\"11\":3000000000},\"market_data_gaps\":{\"0\":0}}"))
        .hasValue(
            Map.of(
                "market_data-0", 120L, "market_data-11", 3_000_000_000L, "market_data_gaps-0", 0L));
  }

  @Test
  void aTopicMayHaveEveryNameThatKafkaTakes() {
    assertThat(PartitionOffsets.read("{\"a-1\":{\"1\":7},\"0\":{\"2\":8},\"x.Y_9-\":{\"0\":9}}"))
        .hasValue(Map.of("a-1-1", 7L, "0-2", 8L, "x.Y_9--0", 9L));
  }

  @Test
  void aSourceWithoutPartitionsHasNoOffsets() {
    assertThat(PartitionOffsets.read("{}")).hasValue(Map.of());
  }

  @Test
  void missingOffsetsAreUnknown() {
    assertThat(PartitionOffsets.read(null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "null",
        "{\"t\":",
        "{\"t\":{\"0\":1}",
        "{\"t\":{\"0\":1.5}}",
        "{\"t\":{\"0\":\"1\"}}",
        "{\"t\":{\"0\":99999999999999999999}}",
        "{\"logOffset\":0}"
      })
  void offsetsInAnotherFormAreUnknown(String json) {
    assertThat(PartitionOffsets.read(json)).isEmpty();
  }

  @Test
  void anEndIsReachedInEveryPartitionOrNotAtAll() {
    Map<String, Long> latest = Map.of("t-0", 5L, "t-1", 7L);

    assertThat(PartitionOffsets.reach(Map.of("t-0", 5L, "t-1", 7L), latest)).isTrue();
    assertThat(PartitionOffsets.reach(Map.of("t-0", 6L, "t-1", 7L), latest)).isTrue();
    assertThat(PartitionOffsets.reach(Map.of("t-0", 50L, "t-1", 6L), latest)).isFalse();
    assertThat(PartitionOffsets.reach(Map.of("t-0", 5L), latest)).isFalse();
  }

  @Test
  void aNewPartitionIsReachedOnceItIsRead() {
    assertThat(PartitionOffsets.reach(Map.of("t-0", 5L), Map.of("t-0", 5L, "t-1", 0L))).isFalse();
  }
}
