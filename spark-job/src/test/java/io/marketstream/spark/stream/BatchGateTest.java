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
class BatchGateTest {
  private final BatchGate gate = new BatchGate();
  private final AtomicBoolean active = new AtomicBoolean(true);

  @Test
  void closingWaitsForTheRunningBatch() throws Exception {
    gate.enter(active::get);
    CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> close(20_000));

    assertThat(gate.closeAndAwait(1)).isFalse();
    gate.leave();

    assertThat(closed.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aBatchAtTheClosedGateEndsWhenItsQueryIsStoppedThoughNobodyInterruptsIt() throws Exception {
    assertThat(gate.closeAndAwait(1)).isTrue();
    CompletableFuture<Void> batch =
        CompletableFuture.runAsync(
            () -> {
              try {
                gate.enter(active::get);
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
  void aBatchThatWaitsAtTheClosedGateHoldsNothingUp() throws Exception {
    gate.closeAndAwait(1);
    Thread batch =
        new Thread(
            () -> {
              try {
                gate.enter(active::get);
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            });
    batch.start();

    assertThat(gate.closeAndAwait(1)).isTrue();

    active.set(false);
    batch.join();
  }

  @Test
  void aGateThatIsHeldLetsTheBatchesOfTheNextRunPassAndOneThatIsClosedDoesNot() throws Exception {
    assertThat(gate.holdAndAwait(1)).isTrue();
    active.set(false); // its query is stopped
    assertThatThrownBy(() -> gate.enter(active::get)).isInstanceOf(InterruptedException.class);
    gate.release();

    gate.enter(() -> true);
    gate.leave();

    gate.closeAndAwait(1);
    gate.release();
    assertThatThrownBy(() -> gate.enter(active::get)).isInstanceOf(InterruptedException.class);
  }

  private boolean close(long millis) {
    try {
      return gate.closeAndAwait(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
