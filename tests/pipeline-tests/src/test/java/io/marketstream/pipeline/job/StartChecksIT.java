package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.embedded.process.ComponentException;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * If something is missing or does not fit, the job says what to do in one line, before it writes
 * anything.
 */
@Tag("job")
@Tag("extended")
@ExtendWith(SharedStores.class)
class StartChecksIT {
  private static final long T = 1_767_261_600_000L;

  @Test
  void aMissingTableOrColumnNamesTheFileToApply(TestStack stores) {
    String keyspace = stores.newKeyspace("incomplete");
    try (CqlSession cassandra = stores.session();
        JobRun job = new JobRun(stores, JobTopics.unique("start"), keyspace)) {
      cassandra.execute("DROP TABLE " + keyspace + ".job_progress");
      assertRefused(
          job,
          "table "
              + keyspace
              + ".job_progress does not exist: apply cassandra-cql/007_job_progress.cql");

      cassandra.execute("ALTER TABLE " + keyspace + ".candles DROP vwap");
      assertRefused(
          job,
          "column "
              + keyspace
              + ".candles.vwap does not exist: compare the table with cassandra-cql/004_candles.cql");

      cassandra.execute("ALTER TABLE " + keyspace + ".ticks DROP side");
      assertRefused(
          job,
          "column "
              + keyspace
              + ".ticks.side does not exist: compare the table with"
              + " cassandra-cql/009_trade_ids.cql");

      cassandra.execute("DROP TABLE " + keyspace + ".feed_gaps");
      cassandra.execute("DROP TABLE " + keyspace + ".ticks");
      assertRefused(
          job, "table " + keyspace + ".ticks does not exist: apply cassandra-cql/002_ticks.cql");

      cassandra.execute("DROP KEYSPACE " + keyspace);
      assertRefused(
          job,
          "keyspace "
              + keyspace
              + " does not exist: apply cassandra-cql/001_keyspace.cql and the files after it");
    }
  }

  @Test
  void aCheckpointOfOtherOptionsIsRefused(TestStack stores) {
    JobTopics topics = JobTopics.unique("checkpoint");
    try (JobRun job = new JobRun(stores, topics, stores.newKeyspace("checkpoint"))) {
      job.runOnce(); // there is nothing to do, but the job creates the checkpoint
      job.option("--lateness", "5m");
      assertRefused(job, "was created with --lateness 120000ms, not 300000ms");
      job.option("--lateness", "2m").option("--candles", "1m");
      assertRefused(job, "was created with --candles 10s,1h,1m, not 1m");
    }
  }

  /** Otherwise the job would silently continue in the middle of other records. */
  @Test
  void aTopicThatWasDeletedAndCreatedAgainIsRefused(TestStack stores) throws Exception {
    JobTopics topics = JobTopics.unique("again");
    stores.createTopic(topics.ticks(), 1);
    try (JobRun job = new JobRun(stores, topics, stores.newKeyspace("again"))) {
      TopicRecord.publish(stores.kafka, ticks(topics, 3));
      job.runOnce();
      try (Admin admin = stores.kafka.admin()) {
        admin.deleteTopics(List.of(topics.ticks())).all().get();
        await()
            .atMost(JobRun.TIMEOUT)
            .ignoreExceptions()
            .until(() -> create(admin, topics.ticks()));
      }
      TopicRecord.publish(stores.kafka, ticks(topics, 5));
      assertRefused(job, "it was deleted and created again, so the offsets refer to other records");
    }
  }

  private static boolean create(Admin admin, String topic) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    return true;
  }

  private static List<TopicRecord> ticks(JobTopics topics, int count) {
    return LongStream.range(0, count)
        .mapToObj(sequence -> StoredTick.trade("AAPL", T, sequence, "1.5", T + sequence))
        .map(tick -> new TopicRecord(topics.ticks(), "AAPL", tick.bytes()))
        .toList();
  }

  private static void assertRefused(JobRun job, String message) {
    assertThatThrownBy(job::start)
        .isInstanceOf(ComponentException.class)
        .hasMessageContaining("exit code 1")
        .hasMessageContaining("market-data-job: cannot start: ");
    // The launcher cuts long messages. The job's log has the whole message.
    assertThat(job.log()).contains(message).doesNotContain("\tat "); // no stack trace
  }
}
