package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.embedded.component.SparkRelease;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The real-time mode of the newest Spark leaves the tables that batches leave, also if it is killed
 * within a checkpoint interval.
 */
@Tag("job")
@Tag("extended")
@Execution(ExecutionMode.SAME_THREAD)
@Order(2)
@ExtendWith(SharedStores.class)
class RealTimeIT {
  private static final Logger LOG = LoggerFactory.getLogger(RealTimeIT.class);

  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);
  private static final int SLICE = 2000;
  private static final int PARTITIONS = 3;

  @Test
  void killsInRealTimeModeLeaveTheTablesOfBatches(TestStack stores) {
    LOG.info("Seed {}", SEED);
    JobTopics topics = JobTopics.unique("realtime");
    stores.createTopic(topics.ticks(), PARTITIONS);
    stores.createTopic(topics.gaps(), 1);
    SeededTopic day = new SeededTopic(SEED, topics);

    try (CqlSession cassandra = stores.session();
        JobRun batches = new JobRun(stores, topics, stores.newKeyspace("batches"));
        JobRun realTime = new JobRun(stores, topics, stores.newKeyspace("realtime"))) {
      realTime.on(SparkRelease.SPARK_4_2).master("local[6]");

      // With an interval that does not end before the kill, everything is repeated.
      realTime.option("--trigger", "realtime:10m");
      storeAndKill(stores, cassandra, day, realTime);
      // With a short one, the job continues from a commit.
      realTime.option("--trigger", "realtime:5s");
      storeAndKill(stores, cassandra, day, realTime);
      realTime.start();
      await("a committed interval")
          .atMost(JobRun.TIMEOUT)
          .until(() -> realTime.log().contains("real-time batch id="));

      TopicRecord.publish(stores.kafka, day.next(SLICE));
      batches.on(SparkRelease.SPARK_4_2).runOnce();
      Map<String, List<String>> expected = Tables.of(cassandra, batches.keyspace());
      assertThat(StoredTick.all(cassandra, batches.keyspace())).isEqualTo(day.ticks());

      await("the tables of batches")
          .atMost(JobRun.TIMEOUT)
          .pollInterval(Duration.ofSeconds(2))
          .untilAsserted(
              () -> assertThat(Tables.of(cassandra, realTime.keyspace())).isEqualTo(expected));
      assertThat(realTime.stop(Duration.ofSeconds(60)))
          .as("exit code after SIGTERM")
          .isEqualTo(143);
    }
  }

  private static void storeAndKill(
      TestStack stores, CqlSession cassandra, SeededTopic day, JobRun job) {
    long before = Tables.count(cassandra, job.keyspace(), "ticks");
    job.start();
    TopicRecord.publish(stores.kafka, day.next(SLICE));
    await("new ticks")
        .atMost(JobRun.TIMEOUT)
        .until(() -> Tables.count(cassandra, job.keyspace(), "ticks") > before);
    job.kill();
  }
}
