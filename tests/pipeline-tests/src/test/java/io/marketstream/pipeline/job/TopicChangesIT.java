package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.embedded.component.KafkaBroker;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import io.marketstream.pipeline.TopicContents;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Topics that are created, grow and lose their oldest records while the job runs or is down. */
@Tag("job")
@Tag("extended")
@Execution(ExecutionMode.SAME_THREAD)
@ExtendWith(SharedStores.class)
class TopicChangesIT {
  private static final Logger LOG = LoggerFactory.getLogger(TopicChangesIT.class);

  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);

  @Test
  void aTopicMayAppearLateAndGrow(TestStack stores) throws Exception {
    LOG.info("Seed {}", SEED);
    JobTopics topics = JobTopics.unique("late");
    SeededTopic day = new SeededTopic(SEED, topics);
    try (CqlSession cassandra = stores.session();
        JobRun job = new JobRun(stores, topics, stores.newKeyspace("late"))) {
      job.start(); // there is nothing to read
      stores.createTopic(topics.ticks(), 1);
      Map<Boolean, List<TopicRecord>> records =
          day.next(1000).stream()
              .collect(Collectors.partitioningBy(record -> record.topic().equals(topics.gaps())));
      TopicRecord.publish(stores.kafka, records.get(false));
      awaitTicks(cassandra, job, day.ticks());
      // This is the usual case: the first gap comes long after the first tick.
      stores.createTopic(topics.gaps(), 1);
      TopicRecord.publish(stores.kafka, records.get(true));
      await()
          .atMost(JobRun.TIMEOUT)
          .until(() -> Tables.count(cassandra, job.keyspace(), "feed_gaps") == day.gapCount());

      try (Admin admin = stores.kafka.admin()) {
        admin.createPartitions(Map.of(topics.ticks(), NewPartitions.increaseTo(4))).all().get();
      }
      TopicRecord.publish(stores.kafka, day.next(1000));
      awaitTicks(cassandra, job, day.ticks());
      assertThat(TopicContents.records(stores.kafka, topics.ticks()))
          .as("the new partitions hold ticks")
          .anyMatch(record -> record.partition() > 0);

      // SIGTERM with work to do: the running batch ends, and no other batch begins.
      TopicRecord.publish(stores.kafka, day.next(4000));
      assertThat(job.stop(Duration.ofSeconds(60))).isEqualTo(143);
      // The next batch may have stored its offsets, but it waited for the barrier and wrote
      // nothing. A batch that was written when the signal came may lack its commit. The next start
      // repeats it.
      int committed = (int) Checkpoint.of(job).newestCommit() + 1;
      assertThat(job.batches().size())
          .as("batches that ran, where %d are committed", committed)
          .isBetween(committed, committed + 1);
      assertThat(job.log()).contains("Shutdown: stopped").doesNotContain("was interrupted");
      job.runOnce();
      assertThat(StoredTick.all(cassandra, job.keyspace())).isEqualTo(day.ticks());
      assertThat(Tables.count(cassandra, job.keyspace(), "ticks")).isEqualTo(day.ticks().size());
    }
  }

  @Test
  void agedOutRecordsEndTheJobUntilTheyAreSkipped(TestStack stores) throws Exception {
    JobTopics topics = JobTopics.unique("aged");
    stores.createTopic(topics.ticks(), 1);
    try (CqlSession cassandra = stores.session();
        JobRun job = new JobRun(stores, topics, stores.newKeyspace("aged"))) {
      publish(stores.kafka, topics, 0, 10);
      job.runOnce();
      publish(stores.kafka, topics, 10, 30);
      try (Admin admin = stores.kafka.admin()) {
        admin
            .deleteRecords(
                Map.of(new TopicPartition(topics.ticks(), 0), RecordsToDelete.beforeOffset(20)))
            .all()
            .get();
      }

      job.start();
      assertThat(job.awaitExit()).isEqualTo(1);
      assertThat(job.log().lines().filter(line -> line.startsWith("market-data-job: ")))
          .singleElement()
          .asString()
          .contains("Kafka no longer has records that the job has not read yet")
          .endsWith("--kafka-option failOnDataLoss=false");
      assertThat(StoredTick.all(cassandra, job.keyspace())).hasSize(10);

      job.kafkaOption("failOnDataLoss=false").runOnce();
      assertThat(StoredTick.all(cassandra, job.keyspace()).stream().map(StoredTick::sequence))
          .containsExactlyInAnyOrderElementsOf(
              LongStream.concat(LongStream.range(0, 10), LongStream.range(20, 30))
                  .boxed()
                  .toList());
    }
  }

  private static void publish(KafkaBroker kafka, JobTopics topics, int from, int to) {
    TopicRecord.publish(
        kafka,
        LongStream.range(from, to)
            .mapToObj(
                sequence ->
                    StoredTick.trade(
                        "AAPL", 1_767_261_600_000L, sequence, "1.5", 1_767_261_700_000L + sequence))
            .map(tick -> new TopicRecord(topics.ticks(), "AAPL", tick.bytes()))
            .collect(Collectors.toList()));
  }

  private static void awaitTicks(CqlSession cassandra, JobRun job, Set<StoredTick> ticks) {
    await()
        .atMost(JobRun.TIMEOUT)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> assertThat(StoredTick.all(cassandra, job.keyspace())).hasSameSizeAs(ticks));
    assertThat(StoredTick.all(cassandra, job.keyspace())).isEqualTo(ticks);
  }
}
