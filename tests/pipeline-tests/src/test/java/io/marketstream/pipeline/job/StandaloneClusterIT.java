package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.component.SparkMaster;
import io.marketstream.embedded.component.SparkRelease;
import io.marketstream.embedded.component.SparkWorker;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The job on a standalone cluster of a master and two workers, each a process of its own. */
@Tag("job")
@Tag("extended")
@Execution(ExecutionMode.SAME_THREAD)
@ExtendWith(SharedStores.class)
class StandaloneClusterIT {
  private static final Logger LOG = LoggerFactory.getLogger(StandaloneClusterIT.class);

  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);

  /** Many short tasks, so that a kill finds unfinished tasks of the second stage. */
  private static final String TASKS_OF_SECOND_STAGE = "24";

  /** Most kills find a batch in its second stage. */
  private static final int MOST_KILLS = 10;

  private TestStack stores;
  private SparkMaster master;
  private SparkWorker first;
  private SparkWorker second;
  private SeededTopic day;
  private CqlSession cassandra;
  private JobRun job;
  private JobRun clean;

  @BeforeEach
  void startCluster(TestStack shared) {
    LOG.info("Seed {}", SEED);
    stores = shared;
    JobTopics topics = JobTopics.unique("cluster");
    stores.createTopic(topics.ticks(), 3);
    stores.createTopic(topics.gaps(), 1);
    day = new SeededTopic(SEED, topics);
    TopicRecord.publish(stores.kafka, day.next(4000));
    cassandra = stores.session();
    Path home = stores.newFolder("cluster");
    master =
        TestStack.PROVIDER.sparkMaster(
            ComponentSettings.in(home, "master", FreePorts.next(), 256), SparkRelease.SPARK_3_5);
    first = worker(home, 1);
    second = worker(home, 2);
    master.start();
    first.start();
    second.start();
    job = new JobRun(stores, topics, stores.newKeyspace("cluster"));
    clean = new JobRun(stores, topics, stores.newKeyspace("clean"));
    job.master(master.url())
        .conf("spark.executor.memory", "512m")
        .conf("spark.executor.cores", "1")
        .conf("spark.cores.max", "2")
        .option("--max-offsets-per-trigger", "300");
  }

  private SparkWorker worker(Path home, int number) {
    return TestStack.PROVIDER.sparkWorker(
        ComponentSettings.in(home, "worker-" + number, FreePorts.next(), 256), master, 1);
  }

  @AfterEach
  void stopCluster() {
    job.close();
    clean.close();
    second.close();
    first.close();
    master.close();
    cassandra.close();
  }

  /**
   * A killed executor loses its shuffle data. So Spark runs the first stage again, which has
   * already written its rows.
   */
  @Test
  void aKilledExecutorChangesNothing() throws Exception {
    SparkUi ui = SparkUi.of(job);
    job.conf("spark.sql.shuffle.partitions", TASKS_OF_SECOND_STAGE).start();
    await().atMost(JobRun.TIMEOUT).until(() -> !job.batches().isEmpty());
    assertThat(first.executors()).hasSize(1);
    assertThat(second.executors()).hasSize(1);

    int kills = 0;
    for (; kills < MOST_KILLS && !hasRunAgain(ui); kills++) {
      ProcessHandle victim = first.executors().get(0);
      TopicRecord.publish(stores.kafka, day.next(600));
      await("a second stage runs")
          .atMost(JobRun.TIMEOUT)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> isInSecondStage(ui));
      victim.destroyForcibly();
      await("another executor in its place")
          .atMost(JobRun.TIMEOUT)
          .untilAsserted(() -> assertThat(first.executors()).hasSize(1).doesNotContain(victim));
      await("both work").atMost(JobRun.TIMEOUT).until(() -> ui.executors() == 2);
      int batches = job.batches().size();
      TopicRecord.publish(stores.kafka, day.next(600));
      await("a batch ends").atMost(JobRun.TIMEOUT).until(() -> job.batches().size() > batches);
    }
    assertThat(hasRunAgain(ui)).as("a first stage was run again").isTrue();
    LOG.info("{} kills until a first stage was run again", kills);
    TopicRecord.publish(stores.kafka, day.next(2000));

    assertThatTheTablesAreThoseOfACleanRun();
    assertThat(job.stop(Duration.ofSeconds(60))).isEqualTo(143);
  }

  /**
   * Returns whether most of a second stage is not done yet. Each batch is a job of two stages,
   * which have consecutive numbers in Spark.
   */
  private static boolean isInSecondStage(SparkUi ui) throws IOException {
    return ui.stages().stream()
        .anyMatch(
            stage ->
                stage.get("stageId").asInt() % 2 == 1
                    && stage.get("status").asText().equals("ACTIVE")
                    && 2 * stage.get("numCompleteTasks").asInt() < stage.get("numTasks").asInt());
  }

  private static boolean hasRunAgain(SparkUi ui) throws IOException {
    return ui.stages().stream()
        .anyMatch(
            stage -> stage.get("stageId").asInt() % 2 == 0 && stage.get("attemptId").asInt() > 0);
  }

  private void awaitBatchRuns() {
    await("a batch runs")
        .atMost(JobRun.TIMEOUT)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> Checkpoint.of(job).hasBatchCutOff());
  }

  /** The executor resumes after it was declared lost, and writes old rows. */
  @Test
  void rowsOfALateExecutorDoNotWin() throws Exception {
    job.conf("spark.network.timeout", "12s")
        .conf("spark.executor.heartbeatInterval", "2s")
        .conf("spark.network.timeoutInterval", "2s")
        .start();
    await().atMost(JobRun.TIMEOUT).until(() -> !job.batches().isEmpty());
    ProcessHandle sleeper = first.executors().get(0);
    TopicRecord.publish(stores.kafka, day.next(3000));
    awaitBatchRuns();

    first.suspend(); // otherwise it would end the executor that the master has declared lost
    signal(sleeper, "STOP");
    await().atMost(JobRun.TIMEOUT).until(() -> job.log().contains("Lost executor"));
    long read = read();
    TopicRecord.publish(stores.kafka, day.next(3000));
    // The other executor continues.
    await().atMost(JobRun.TIMEOUT).until(() -> read() > read + 1500);
    signal(sleeper, "CONT");
    first.resume(); // it has to end the executor, which writes meanwhile
    await().atMost(JobRun.TIMEOUT).until(() -> !sleeper.isAlive());

    assertThatTheTablesAreThoseOfACleanRun();
    assertThat(job.stop(Duration.ofSeconds(60))).isEqualTo(143);
  }

  private long read() {
    return job.batches().stream().mapToLong(batch -> batch.count("read")).sum();
  }

  private static void signal(ProcessHandle process, String name) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor())
        .isZero();
  }

  private void assertThatTheTablesAreThoseOfACleanRun() {
    clean.runOnce();
    Map<String, List<String>> expected = Tables.of(cassandra, clean.keyspace());
    await()
        .atMost(JobRun.TIMEOUT)
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(
            () ->
                assertThat(Tables.of(cassandra, job.keyspace()))
                    .as("on the cluster; log %s", job.logFile())
                    .isEqualTo(expected));
    assertThat(StoredTick.all(cassandra, job.keyspace())).isEqualTo(day.ticks());
  }
}
