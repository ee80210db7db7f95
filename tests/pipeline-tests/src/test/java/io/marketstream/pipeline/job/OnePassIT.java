package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cost of a batch is bounded by design. Figures of Spark and Cassandra show it. */
@Tag("job")
@Tag("extended")
@Execution(ExecutionMode.SAME_THREAD)
@ExtendWith(SharedStores.class)
class OnePassIT {
  private static final Logger LOG = LoggerFactory.getLogger(OnePassIT.class);
  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);
  private static final int RECORDS = 4_000;

  /** Two batches at least. */
  private static final int WINDOW = 400;

  @Test
  void aBatchIsOneSparkJobThatReadsEachRecordOnce(TestStack stores) throws Exception {
    LOG.info("Seed {}", SEED);
    JobTopics topics = JobTopics.unique("once");
    stores.createTopic(topics.ticks(), 3);
    stores.createTopic(topics.gaps(), 1);
    // About 8 in 1000 are rejects and 6 are gaps, so nearly every batch has both.
    SeededTopic day = new SeededTopic(SEED, topics);
    try (CqlSession cassandra = stores.session();
        JobRun job = new JobRun(stores, topics, stores.newKeyspace("once"))) {
      TopicRecord.publish(stores.kafka, day.next(RECORDS / 2));
      SparkUi ui = SparkUi.of(job);
      job.option("--max-offsets-per-trigger", "200").start();
      awaitRead(job, RECORDS / 2);
      long before = 0;
      int withoutReads = 0;
      for (int read = RECORDS / 2; read < RECORDS; read += WINDOW) {
        before = schemaReads(cassandra);
        TopicRecord.publish(stores.kafka, day.next(WINDOW));
        awaitRead(job, read + WINDOW);
        withoutReads += schemaReads(cassandra) == before ? 1 : 0;
      }

      assertThat(withoutReads).as("times without a read of system_schema").isGreaterThan(2);
      before = schemaReads(cassandra);
      stores.session().close(); // every new session reads it
      assertThat(schemaReads(cassandra)).as("the node counts such reads").isGreaterThan(before);
      List<LoggedBatch> batches = job.batches();
      assertThat(batches).hasSizeGreaterThan(RECORDS / 200 - 1);
      assertThat(batches.stream().filter(batch -> batch.count("rejected") > 0).count())
          .as("batches with rejects")
          .isGreaterThan(batches.size() / 2);
      // The newest batch may not be in the UI yet.
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                assertThat(ui.jobs())
                    .hasSameSizeAs(batches)
                    .allMatch(one -> one.get("status").asText().equals("SUCCEEDED"))
                    .allMatch(one -> one.get("stageIds").size() == 2);
                assertThat(
                        ui.stages().stream()
                            .mapToLong(stage -> stage.get("inputRecords").asLong())
                            .sum())
                    .as("records that Spark read from Kafka")
                    .isEqualTo(RECORDS);
              });
      assertThat(StoredTick.all(cassandra, job.keyspace())).isEqualTo(day.ticks());
    }
  }

  private static void awaitRead(JobRun job, int records) {
    await()
        .atMost(JobRun.TIMEOUT)
        .until(
            () -> job.batches().stream().mapToLong(batch -> batch.count("read")).sum() == records);
  }

  /**
   * Returns the node's count for all clients. Other tests use the node too, but not all the time. A
   * job that reads with its batches would do so in nearly every window.
   */
  private static long schemaReads(CqlSession cassandra) {
    long reads = 0;
    for (String view :
        List.of("local_read", "local_scan", "coordinator_read", "coordinator_scan")) {
      for (Row table :
          cassandra.execute(
              "SELECT count FROM system_views."
                  + view
                  + "_latency WHERE keyspace_name = 'system_schema' ALLOW FILTERING")) {
        reads += table.getLong("count");
      }
    }
    return reads;
  }
}
