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
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The real-time mode leaves the tables that batches leave, also if it is killed within a checkpoint
 * interval. One test runs it on Spark 4.1, and the other one on Spark 4.2.
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

  /** {@code -Dkills=20} sets more. */
  private static final int KILLS = Integer.getInteger("marketstream.kills", 1);

  private static final int RECORDS_OF_LOAD = 50;
  private static final int LOAD_INTERVAL_MS = 50;

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
      realTime.on(SparkRelease.SPARK_4_1).master("local[6]");

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
      assertTablesOfBatches(cassandra, day, batches, realTime);
    }
  }

  /** The job is killed again and again while records arrive. */
  @Test
  void killsUnderLoadLeaveTheTablesOfBatches(TestStack stores) throws Exception {
    LOG.info("Seed {}", SEED);
    JobTopics topics = JobTopics.unique("realtime-load");
    stores.createTopic(topics.ticks(), PARTITIONS);
    stores.createTopic(topics.gaps(), 1);
    SeededTopic day = new SeededTopic(SEED, topics);
    Random random = new Random(SEED);

    try (CqlSession cassandra = stores.session();
        JobRun batches = new JobRun(stores, topics, stores.newKeyspace("batches"));
        JobRun realTime = new JobRun(stores, topics, stores.newKeyspace("realtime"))) {
      realTime.on(SparkRelease.SPARK_4_2).master("local[6]");
      for (int kill = 0; kill < KILLS; kill++) {
        // The long interval does not end before the kill, and the short one often does.
        realTime.option("--trigger", kill % 2 == 0 ? "realtime:10m" : "realtime:5s");
        killUnderLoad(stores, cassandra, day, realTime, random);
      }
      realTime.start();
      TopicRecord.publish(stores.kafka, day.next(SLICE));
      assertTablesOfBatches(cassandra, day, batches, realTime);
      LOG.info(
          "{} kills, {} ticks, {} rows of candles, the same in both modes",
          KILLS,
          day.ticks().size(),
          Tables.count(cassandra, realTime.keyspace(), "candles"));
    }
  }

  private static void killUnderLoad(
      TestStack stores, CqlSession cassandra, SeededTopic day, JobRun job, Random random)
      throws InterruptedException {
    long before = Tables.count(cassandra, job.keyspace(), "ticks");
    job.start();
    ScheduledExecutorService publisher = Executors.newSingleThreadScheduledExecutor();
    try {
      Future<?> load =
          publisher.scheduleWithFixedDelay(
              () -> TopicRecord.publish(stores.kafka, day.next(RECORDS_OF_LOAD)),
              0,
              LOAD_INTERVAL_MS,
              TimeUnit.MILLISECONDS);
      await("new ticks")
          .atMost(JobRun.TIMEOUT)
          .until(() -> Tables.count(cassandra, job.keyspace(), "ticks") > before);
      Thread.sleep(random.nextInt(3000)); // the moment of the kill
      assertThat(load.isDone()).as("publishing failed").isFalse();
      job.kill();
    } finally {
      publisher.shutdown(); // ends the periodic publishing, too
      assertThat(publisher.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  private static void assertTablesOfBatches(
      CqlSession cassandra, SeededTopic day, JobRun batches, JobRun realTime) {
    batches.on(SparkRelease.SPARK_4_2).runOnce();
    Map<String, List<String>> expected = Tables.of(cassandra, batches.keyspace());
    assertThat(StoredTick.all(cassandra, batches.keyspace())).isEqualTo(day.ticks());

    await("the tables of batches")
        .atMost(JobRun.TIMEOUT)
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(
            () -> assertThat(Tables.of(cassandra, realTime.keyspace())).isEqualTo(expected));
    assertThat(realTime.stop(Duration.ofSeconds(60))).as("exit code after SIGTERM").isEqualTo(143);
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
