package io.marketstream.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BatchLogTest {
  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  private final BatchLog log =
      new BatchLog(line -> lines.add(line.replaceAll("batch id=(\\d+) .*lag=(\\S+) .*", "$1 $2")));

  @Test
  void aLineIsWrittenWhenSparkHasCommittedTheBatch() {
    log.onBatchWritten(batch(1));
    assertThat(lines).isEmpty();

    log.onBatchCommitted(progress(1));

    assertThat(lines).containsExactly("1 7");
  }

  @Test
  void aBatchWithoutProgressIsLoggedInItsPlace() {
    log.onBatchWritten(batch(1));
    log.onBatchWritten(batch(2));

    log.onBatchCommitted(progress(2));

    assertThat(lines).containsExactly("1 -", "2 7");
  }

  @Test
  void progressWithoutABatchIsNotLogged() {
    log.onBatchCommitted(progress(0));
    log.onBatchWritten(batch(1));
    log.onBatchCommitted(progress(0));

    assertThat(lines).isEmpty();
  }

  @Test
  void anUncommittedBatchAndItsRepetitionAreLogged() {
    log.onBatchWritten(batch(3));
    log.onQueryEnded();
    log.onBatchWritten(batch(3));
    log.onBatchCommitted(progress(3));

    assertThat(lines).containsExactly("3 -", "3 7");
  }

  @Test
  void theEndWaitsForTheLastReportsOfSpark() throws Exception {
    log.onBatchWritten(batch(3));
    log.onBatchWritten(batch(4));
    CompletableFuture<Void> end = CompletableFuture.runAsync(() -> finish(20_000));

    log.onBatchCommitted(progress(3));
    assertThat(end).isNotDone();
    log.onQueryEnded();

    end.get(10, TimeUnit.SECONDS);
    assertThat(lines).containsExactly("3 7", "4 -");
  }

  @Test
  void theEndDoesNotWaitForeverAndLosesNoLine() {
    log.onBatchWritten(batch(3));

    finish(10);

    assertThat(lines).containsExactly("3 -");
  }

  @Test
  void theNumberOfWaitingBatchesIsLimited() {
    for (int id = 0; id < 60; id++) {
      log.onBatchWritten(batch(id));
    }

    assertThat(lines).hasSize(10).startsWith("0 -").endsWith("9 -");
  }

  private void finish(long millis) {
    try {
      log.finish(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BatchReport batch(long id) {
    return new BatchReport(id, new BatchCounts(), 1, 0);
  }

  private static SparkProgress progress(long id) {
    return new SparkProgress(id, 1, Map.of(), 1, 7, 1, 1);
  }
}
