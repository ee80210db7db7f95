package io.marketstream.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchCountsTest {
  @Test
  void tasksAddUpAndTheFurthestWatermarkStays() {
    BatchCounts one = new BatchCounts();
    one.add(JobCounter.READ, 2);
    one.addAge(7);
    one.addWatermark(20);
    one.addWatermark(10);
    BatchCounts other = new BatchCounts();
    other.add(JobCounter.READ, 3);
    other.addAge(90);
    other.addWatermark(15);
    one.add(other);
    one.add(new BatchCounts());

    assertThat(one.get(JobCounter.READ)).isEqualTo(5);
    assertThat(one.ages().max()).isEqualTo(90);
    assertThat(one.watermark()).isEqualTo(20);
    assertThat(one).hasToString("read=5");
  }

  @Test
  void anyOneNumberMakesItNotZero() {
    BatchCounts counted = new BatchCounts();
    counted.add(JobCounter.LATE, 1);
    BatchCounts aged = new BatchCounts();
    aged.addAge(0);
    BatchCounts marked = new BatchCounts();
    marked.addWatermark(0);

    assertThat(new BatchCounts().isZero()).isTrue();
    assertThat(counted.isZero()).isFalse();
    assertThat(aged.isZero()).isFalse();
    assertThat(marked.isZero()).isFalse();
  }
}
