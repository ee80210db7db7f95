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
      new BatchLog(
          List.of(
              new ObservedQuery("ticks", List.of(), false),
              new ObservedQuery("fold", List.of(), false)),
          line ->
              lines.add(line.replaceAll("batch query=(\\w+) id=(\\d+) .*lag=(.+)", "$1 $2 $3")));

  @Test
  void aLineIsWrittenWhenSparkHasCommittedTheBatch() {
    log.written(batch("ticks", 1));
    assertThat(lines).isEmpty();

    log.committed("ticks", progress(1));

    assertThat(lines).containsExactly("ticks 1 7");
  }

  @Test
  void queriesDoNotWaitForEachOther() {
    log.written(batch("ticks", 4));
    log.written(batch("fold", 2));

    log.committed("fold", progress(2));

    assertThat(lines).containsExactly("fold 2 7");
  }

  @Test
  void aBatchWhoseProgressGotLostIsLoggedInItsPlaceWithoutIt() {
    log.written(batch("ticks", 1));
    log.written(batch("ticks", 2));

    log.committed("ticks", progress(2));

    assertThat(lines).containsExactly("ticks 1 -", "ticks 2 7");
  }

  @Test
  void progressWithoutABatchOfOursIsNoLine() {
    log.committed("ticks", progress(0));
    log.written(batch("ticks", 1));
    log.committed("ticks", progress(0));

    assertThat(lines).isEmpty();
  }

  @Test
  void aBatchThatAStoppedQueryDidNotCommitIsLoggedAndItsRepetitionAgain() {
    log.written(batch("ticks", 3));
    log.ended("ticks");
    log.written(batch("ticks", 3));
    log.committed("ticks", progress(3));

    assertThat(lines).containsExactly("ticks 3 -", "ticks 3 7");
  }

  @Test
  void theEndOfTheJobWaitsForWhatSparkHasStillToTell() throws Exception {
    log.written(batch("ticks", 3));
    log.written(batch("fold", 9));
    CompletableFuture<Void> end = CompletableFuture.runAsync(() -> finish(20_000));

    log.committed("ticks", progress(3));
    assertThat(end).isNotDone();
    log.ended("fold");

    end.get(10, TimeUnit.SECONDS);
    assertThat(lines).containsExactly("ticks 3 7", "fold 9 -");
  }

  @Test
  void theEndOfTheJobDoesNotWaitForEverAndLosesNoLine() {
    log.written(batch("ticks", 3));

    finish(10);

    assertThat(lines).containsExactly("ticks 3 -");
  }

  @Test
  void whatWaitsIsBounded() {
    for (int id = 0; id < 60; id++) {
      log.written(batch("ticks", id));
    }

    assertThat(lines).hasSize(10).startsWith("ticks 0 -").endsWith("ticks 9 -");
  }

  private void finish(long millis) {
    try {
      log.finish(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BatchReport batch(String query, long id) {
    return new BatchReport(query, id, new BatchCounts(), 1, 0);
  }

  private static SparkProgress progress(long id) {
    return new SparkProgress(id, 1, Map.of(), 1, 7, 1, 1);
  }
}
