package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.local.process.ComponentFailure;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is missing or does not fit is one line that says what to do, before anything is written. */
@Tag("job")
@Tag("extended")
@ExtendWith(SharedStores.class)
class StartChecksIT {

  @Test
  void aMissingTableOrColumnNamesTheFileToApply(JobStores stores) {
    String keyspace = stores.newKeyspace("incomplete");
    try (CqlSession cassandra = stores.session();
        JobRun job = new JobRun(stores, stores.newTopics("start"), keyspace)) {
      cassandra.execute("ALTER TABLE " + keyspace + ".candles DROP vwap");
      assertRefused(
          job,
          "column "
              + keyspace
              + ".candles.vwap does not exist: compare the table with cassandra-cql/004_candles.cql");

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
  void aCheckpointOfOtherOptionsIsRefusedAndTheOptionNamed(JobStores stores) {
    JobTopics topics = stores.newTopics("checkpoint");
    try (JobRun job = new JobRun(stores, topics, stores.newKeyspace("checkpoint"))) {
      job.runOnce(); // there is nothing to do, but the checkpoint is made
      job.option("--lateness", "5m");
      assertRefused(job, "was made with --lateness 120000ms, not 300000ms");
      job.option("--lateness", "2m").option("--candles", "1m");
      assertRefused(job, "was made with --candles 10s,1h,1m, not 1m");
    }
  }

  private static void assertRefused(JobRun job, String message) {
    assertThatThrownBy(job::start)
        .isInstanceOf(ComponentFailure.class)
        .hasMessageContaining("exit code 1")
        .hasMessageContaining("market-data-job: cannot start: ")
        .hasMessageContaining(message);
    assertThat(job.log()).doesNotContain("\tat "); // no stack trace
  }
}
