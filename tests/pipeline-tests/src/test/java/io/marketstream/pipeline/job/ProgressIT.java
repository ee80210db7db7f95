package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.marketstream.pipeline.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the job reports in {@code job_options} and {@code job_progress}. */
@Tag("job")
@Tag("extended")
@ExtendWith(SharedStores.class)
class ProgressIT {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressIT.class);
  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);

  @Test
  void theTablesShowOptionsAndProgress(TestStack stores) {
    LOG.info("Seed {}", SEED);
    JobTopics topics = JobTopics.unique("progress");
    stores.createTopic(topics.ticks(), 3);
    stores.createTopic(topics.gaps(), 1);
    SeededTopic day = new SeededTopic(SEED, topics);
    try (CqlSession cassandra = stores.session();
        JobRun job = new JobRun(stores, topics, stores.newKeyspace("progress"))) {
      TopicRecord.publish(stores.kafka, day.next(1000));
      Instant published = Instant.now();
      job.option("--max-offsets-per-trigger", "300").start();

      // The feed is quiet. The job reaches the ends, and continues to report it.
      awaitComplete(cassandra, stores, job, published);
      Instant before = ProgressRow.of(cassandra, job).completeUntil();
      awaitComplete(cassandra, stores, job, before.plusSeconds(3));
      assertThat(options(cassandra, job)).singleElement().satisfies(row -> assertOptions(row, job));
      assertThat(job.stop(Duration.ofSeconds(60))).isEqualTo(143);

      // The last progress is in the table, however the process ends.
      TopicRecord.publish(stores.kafka, day.next(1000));
      Instant publishedAgain = Instant.now();
      job.option("--future-tolerance", "20s").runOnce();
      Instant ended = Instant.now();
      ProgressRow atTheEnd = ProgressRow.of(cassandra, job);
      assertThat(atTheEnd.nextOffsets()).isEqualTo(stores.ends(topics.ticks(), topics.gaps()));
      assertThat(atTheEnd.completeUntil()).isBetween(publishedAgain, ended);
      assertThat(options(cassandra, job))
          .extracting(row -> row.getLong("future_tolerance_ms"))
          .as("the newest first")
          .containsExactly(20_000L, 30_000L);

      job.runOnce(); // there is nothing to read, and the options have not changed
      assertThat(options(cassandra, job)).hasSize(2);
      assertThat(ProgressRow.of(cassandra, job).completeUntil()).isAfter(ended);
    }
  }

  private static void awaitComplete(
      CqlSession cassandra, TestStack stores, JobRun job, Instant until) {
    await()
        .atMost(JobRun.TIMEOUT)
        .untilAsserted(
            () -> {
              ProgressRow row = ProgressRow.of(cassandra, job);
              assertThat(row.completeUntil()).isAfter(until);
              assertThat(row.nextOffsets())
                  .isEqualTo(row.latestOffsets())
                  .isEqualTo(stores.ends(job.topics().ticks(), job.topics().gaps()));
              assertThat(row.reportedAt()).isAfterOrEqualTo(row.completeUntil());
            });
  }

  private static List<Row> options(CqlSession cassandra, JobRun job) {
    return cassandra
        .execute(
            "SELECT * FROM " + job.keyspace() + ".job_options WHERE job = ?", ProgressRow.id(job))
        .all();
  }

  private static void assertOptions(Row row, JobRun job) {
    assertThat(row.getList("candles", String.class)).containsExactly("10s", "1m", "1h");
    assertThat(row.getLong("lateness_ms")).isEqualTo(120_000);
    assertThat(row.getLong("future_tolerance_ms")).isEqualTo(30_000);
    assertThat(row.getList("topics", String.class)).containsExactly(job.topics().ticks());
    assertThat(row.getString("gaps_topic")).isEqualTo(job.topics().gaps());
    assertThat(row.getString("rejected_topic")).isEqualTo(job.topics().rejected());
    assertThat(row.getString("starting_offsets")).isEqualTo("earliest");
    assertThat(row.getString("version")).matches("\\d+\\.\\d+\\.\\d+.*");
  }
}
