package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.local.component.ComponentSettings;
import io.marketstream.local.component.FreePorts;
import io.marketstream.local.component.SparkMaster;
import io.marketstream.local.component.SparkWorker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The job on a standalone cluster of a master and two workers, each a process of its own. */
@Tag("job")
@Tag("extended")
@Execution(ExecutionMode.SAME_THREAD)
@ExtendWith(SharedStores.class)
class StandaloneClusterIT {

  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);

  @Test
  void anExecutorKilledInTheMiddleOfTheRunChangesNothing(JobStores stores) {
    System.out.println("StandaloneClusterIT seed " + SEED);
    JobTopics topics = stores.newTopics("cluster");
    stores.createTopic(topics.ticks(), 3);
    stores.createTopic(topics.gaps(), 1);
    SeededTopic day = new SeededTopic(SEED, topics);
    TopicRecord.publish(stores.kafka, day.next(4000));

    Path home = stores.newFolder("cluster");
    SparkMaster master =
        JobStores.PROVIDER.sparkMaster(ComponentSettings.in(home, "master", FreePorts.next(), 256));
    List<SparkWorker> workers =
        IntStream.of(1, 2)
            .mapToObj(
                number ->
                    JobStores.PROVIDER.sparkWorker(
                        ComponentSettings.in(home, "worker-" + number, FreePorts.next(), 256),
                        master))
            .toList();
    try (CqlSession cassandra = stores.session();
        master;
        SparkWorker first = workers.get(0);
        SparkWorker second = workers.get(1);
        JobRun job = new JobRun(stores, topics, stores.newKeyspace("cluster"));
        JobRun clean = new JobRun(stores, topics, stores.newKeyspace("clean"))) {
      master.start();
      first.start();
      second.start();
      job.master(master.url())
          .conf("spark.executor.memory", "512m")
          .conf("spark.executor.cores", "1")
          .conf("spark.cores.max", "2")
          .option("--max-offsets-per-trigger", "300");
      job.start();
      await().atMost(JobRun.PATIENCE).until(() -> !job.batches().isEmpty());
      assertThat(first.executors()).hasSize(1);
      assertThat(second.executors()).hasSize(1);

      ProcessHandle victim = first.executors().get(0);
      victim.destroyForcibly();
      TopicRecord.publish(stores.kafka, day.next(2000));

      clean.runOnce();
      Map<String, List<String>> expected = Tables.of(cassandra, clean.keyspace());
      await()
          .atMost(JobRun.PATIENCE)
          .pollInterval(Duration.ofSeconds(2))
          .untilAsserted(
              () ->
                  assertThat(Tables.of(cassandra, job.keyspace()))
                      .as("on the cluster; log %s", job.logFile())
                      .isEqualTo(expected));
      assertThat(TickRow.all(cassandra, job.keyspace())).isEqualTo(day.ticks());
      assertThat(job.log()).contains("Lost executor");
      await()
          .atMost(JobRun.PATIENCE)
          .untilAsserted(() -> assertThat(first.executors()).hasSize(1).doesNotContain(victim));
      assertThat(job.stop(Duration.ofSeconds(60))).isEqualTo(143);
    }
  }
}
