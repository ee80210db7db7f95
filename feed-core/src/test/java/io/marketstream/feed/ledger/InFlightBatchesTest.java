package io.marketstream.feed.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InFlightBatchesTest {

  private final InFlightBatches acknowledged = new InFlightBatches();

  @Test
  void withNothingInFlightEverythingIsSafe() {
    assertThat(acknowledged.safeUntil()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void batchIsInFlightUntilItsLastRecordIsAcked() {
    InFlightBatches.Batch first = acknowledged.open(100, 2);
    acknowledged.open(200, 1);
    assertThat(acknowledged.safeUntil()).isEqualTo(100);
    first.acknowledge();
    assertThat(acknowledged.safeUntil()).isEqualTo(100);
    first.acknowledge();
    assertThat(acknowledged.safeUntil()).isEqualTo(200);
  }

  @Test
  void oldestUnackedBatchLimitsTheSafeTime() {
    InFlightBatches.Batch first = acknowledged.open(100, 1);
    InFlightBatches.Batch second = acknowledged.open(200, 1);
    InFlightBatches.Batch third = acknowledged.open(300, 1);
    second.acknowledge();
    assertThat(acknowledged.safeUntil()).isEqualTo(100);
    first.acknowledge();
    assertThat(acknowledged.safeUntil()).isEqualTo(300);
    third.acknowledge();
    assertThat(acknowledged.safeUntil()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aLaterBatchWithAnOlderRecordHoldsTheTimeBackToo() {
    acknowledged.open(300, 1);
    acknowledged.open(150, 1);
    assertThat(acknowledged.safeUntil()).isEqualTo(150);
  }

  @Test
  void aHangingBatchDoesNotKeepLaterBatches() {
    InFlightBatches.Batch stuck = acknowledged.open(100, 1);
    for (int i = 0; i < 200_000; i++) {
      acknowledged.open(200 + i, 1).acknowledge();
      assertThat(acknowledged.safeUntil()).isEqualTo(100);
      if (i % 1_000 == 0) {
        assertThat(acknowledged.size()).as("batches that are kept").isEqualTo(1);
      }
    }
    stuck.acknowledge();
    assertThat(acknowledged.safeUntil()).isEqualTo(Long.MAX_VALUE);
    assertThat(acknowledged.size()).isZero();
  }

  @Test
  void acknowledgementsOfManyThreadsAreAllCounted() throws InterruptedException {
    List<InFlightBatches.Batch> batches = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      batches.add(acknowledged.open(1_000 + i, 8));
    }
    ExecutorService producers = Executors.newFixedThreadPool(8);
    for (int p = 0; p < 8; p++) {
      producers.execute(() -> batches.forEach(InFlightBatches.Batch::acknowledge));
    }
    producers.shutdown();
    assertThat(producers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(acknowledged.safeUntil()).isEqualTo(Long.MAX_VALUE);
  }
}
