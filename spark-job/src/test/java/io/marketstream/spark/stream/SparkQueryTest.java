package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the progress of a query that real Spark reports. Rows are lines of files. */
@Timeout(60)
class SparkQueryTest {
  private static final long END_MS = 30_000;

  private static SparkSession spark;

  /** Shared with the task, which runs in this JVM. */
  private static final CountDownLatch TASK_RUNS = new CountDownLatch(1);

  @TempDir private Path dir;
  private Path input;
  private Path checkpoint;
  private RunningQuery query;

  @BeforeAll
  static void startSpark(@TempDir Path local) {
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.ui.enabled", "false")
            .config("spark.local.dir", local.toString())
            .config("spark.sql.streaming.stopTimeout", "10000")
            .getOrCreate();
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @BeforeEach
  void makeDirectories() throws IOException {
    input = Files.createDirectory(dir.resolve("input"));
    checkpoint = dir.resolve("checkpoint");
  }

  @AfterEach
  void stopQuery() throws Exception {
    query.stop();
  }

  @Test
  void aQueryWithoutNewRecordsMakesProgress() throws Exception {
    query = start((batch, id) -> {});

    awaitProgress();
  }

  /** How the supervisor distinguishes an idle query from one that hangs. */
  @Test
  void aQueryIsIdleBetweenItsTriggers() throws Exception {
    CountDownLatch batchRuns = new CountDownLatch(1);
    CountDownLatch batchEnds = new CountDownLatch(1);
    query =
        start(
            (batch, id) -> {
              batchRuns.countDown();
              batchEnds.await();
            });
    awaitIdle();

    Files.writeString(input.resolve("one"), "row");
    assertThat(batchRuns.await(END_MS, TimeUnit.MILLISECONDS)).isTrue();
    assertThat(query.isIdle()).isFalse();
    assertThat(query.statusMessage()).isNotBlank();

    batchEnds.countDown();
    awaitIdle();
  }

  private void awaitIdle() throws InterruptedException {
    while (!query.isIdle()) { // the class has a timeout
      Thread.sleep(1);
    }
  }

  @Test
  void aQueryThatCommitsABatchMakesProgress() throws Exception {
    Files.writeString(input.resolve("one"), "row");
    CountDownLatch secondBatch = new CountDownLatch(1);
    query =
        start(
            (batch, id) -> {
              if (id == 1) {
                secondBatch.countDown();
                throw new IOException("the second batch");
              }
              Files.writeString(input.resolve("two"), "row");
            });

    assertThatThrownBy(() -> query.awaitTermination(END_MS))
        .isInstanceOf(StreamingQueryException.class);
    assertThat(secondBatch.getCount()).isZero();
    assertThat(query.hasMadeProgress()).isTrue();
  }

  @Test
  void aQueryWhoseFirstBatchFailsMakesNoProgress() throws Exception {
    Files.writeString(input.resolve("one"), "row");
    query =
        start(
            (batch, id) -> {
              throw new IOException("the first batch");
            });

    assertThatThrownBy(() -> query.awaitTermination(END_MS))
        .hasStackTraceContaining("the first batch");
    assertThat(query.hasMadeProgress()).isFalse();
  }

  /** Its rows are written. If this counted as progress, the job would repeat the batch for ever. */
  @Test
  void aQueryWhoseFirstCommitFailsMakesNoProgress() throws Exception {
    Files.writeString(input.resolve("one"), "row");
    query =
        start(
            (batch, id) -> {
              Files.delete(checkpoint.resolve("commits"));
              Files.writeString(checkpoint.resolve("commits"), "a file in the way");
            });

    assertThatThrownBy(() -> query.awaitTermination(END_MS)).hasStackTraceContaining("commits");
    assertThat(query.hasMadeProgress()).isFalse();
  }

  /** The idle time of one run does not count for the next run. */
  @Test
  void progressOfOneRunIsNotThatOfTheNext() throws Exception {
    query = start((batch, id) -> {});
    awaitProgress();
    query.stop();
    Files.writeString(input.resolve("one"), "row");

    query =
        start(
            (batch, id) -> {
              throw new IOException("the first batch");
            });

    assertThatThrownBy(() -> query.awaitTermination(END_MS))
        .hasStackTraceContaining("the first batch");
    assertThat(query.hasMadeProgress()).isFalse();
  }

  @Test
  void aHangingBatchFailsWhenItsTasksAreCancelled() throws Exception {
    Files.writeString(input.resolve("one"), "row");
    query = start((batch, id) -> batch.foreachPartition(new Hang()));
    assertThat(TASK_RUNS.await(END_MS, TimeUnit.MILLISECONDS)).isTrue();

    query.cancelTasks();

    assertThatThrownBy(() -> query.awaitTermination(END_MS))
        .isInstanceOf(StreamingQueryException.class)
        .hasStackTraceContaining("cancelled part of cancelled job group");
  }

  private static final class Hang implements ForeachPartitionFunction<Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public void call(java.util.Iterator<Row> rows) throws InterruptedException {
      TASK_RUNS.countDown();
      new CountDownLatch(1).await();
    }
  }

  private RunningQuery start(VoidFunction2<Dataset<Row>, Long> write) throws Exception {
    StreamingQuery started =
        spark
            .readStream()
            .text(input.toString())
            .writeStream()
            .option("checkpointLocation", checkpoint.toString())
            .foreachBatch(write)
            .start();
    return new SparkQuery(started, spark);
  }

  private void awaitProgress() throws Exception {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_MS);
    while (!query.hasMadeProgress() && System.nanoTime() < end) {
      assertThat(query.awaitTermination(20)).isFalse();
    }
    assertThat(query.hasMadeProgress()).isTrue();
  }
}
