package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RealTimeIntervalsTest {
  @Test
  void aPartitionThatAnIntervalDidNotReadIsFound() {
    Map<String, Long> start = Map.of("t-0", 5L, "t-1", 7L, "t-2", 0L);
    Map<String, Long> end = Map.of("t-0", 9L, "t-1", 7L, "t-2", 0L, "t-3", 0L);
    Map<String, Long> latest = Map.of("t-0", 12L, "t-1", 7L, "t-2", 4L, "t-3", 3L);

    assertThat(RealTimeIntervals.unread(start, end, latest)).isEqualTo(Map.of("t-2", 4L));
  }
}
