package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BatchBarrierTest {
  private final BatchBarrier barrier = new BatchBarrier();
  private final AtomicBoolean active = new AtomicBoolean(true);

  @Test
  void closingWaitsForTheRunningBatch() throws Exception {
    barrier.enter(active::get);
    CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> close(20_000));

    assertThat(barrier.closeAndAwait(1)).isFalse();
    barrier.leave();

    assertThat(closed.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aWaitingBatchEndsWhenItsQueryIsStopped() throws Exception {
    assertThat(barrier.closeAndAwait(1)).isTrue();
    CompletableFuture<Void> batch =
        CompletableFuture.runAsync(
            () -> {
              try {
                barrier.enter(active::get);
              } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
              }
            });

    active.set(false);

    assertThatThrownBy(() -> batch.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void aWaitingBatchDelaysNothing() throws Exception {
    barrier.closeAndAwait(1);
    Thread batch =
        new Thread(
            () -> {
              try {
                barrier.enter(active::get);
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            });
    batch.start();

    assertThat(barrier.closeAndAwait(1)).isTrue();

    active.set(false);
    batch.join();
  }

  @Test
  void onlyATemporarilyClosedBarrierReopens() throws Exception {
    assertThat(barrier.closeTemporarilyAndAwait(1)).isTrue();
    active.set(false); // its query is stopped
    assertThatThrownBy(() -> barrier.enter(active::get)).isInstanceOf(InterruptedException.class);
    barrier.reopen();

    barrier.enter(() -> true);
    barrier.leave();

    barrier.closeAndAwait(1);
    barrier.reopen();
    assertThatThrownBy(() -> barrier.enter(active::get)).isInstanceOf(InterruptedException.class);
  }

  private boolean close(long millis) {
    try {
      return barrier.closeAndAwait(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
