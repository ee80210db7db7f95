package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.servererrors.ReadTimeoutException;
import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Three Cassandra nodes, each with a replica of every row. If one dies, no batch fails. */
@Tag("job")
@Tag("extended")
class ThreeNodesIT {
  private static final Logger LOG = LoggerFactory.getLogger(ThreeNodesIT.class);
  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);

  @TempDir Path home;

  @Test
  void aNodeOfThreeDiesAndTheQueryDoesNotRestart() throws Exception {
    LOG.info("Seed {}", SEED);
    try (TestStack stores = TestStack.storesOnly(home).nodes(3).start()) {
      JobTopics topics = JobTopics.unique("ring");
      stores.createTopic(topics.ticks(), 3);
      stores.createTopic(topics.gaps(), 1);
      SeededTopic day = new SeededTopic(SEED, topics);
      try (CqlSession cassandra = stores.session();
          JobRun job = new JobRun(stores, topics, stores.newKeyspace("ring"));
          JobRun clean = new JobRun(stores, topics, stores.newKeyspace("clean"))) {
        job.option("--max-offsets-per-trigger", "200").start();
        TopicRecord.publish(stores.kafka, day.next(3000));
        await().atMost(JobRun.TIMEOUT).until(() -> job.batches().size() > 2);

        CassandraNode victim = stores.nodes.get(2);
        victim.kill(); // while batches are written
        TopicRecord.publish(stores.kafka, day.next(3000));
        await()
            .atMost(JobRun.TIMEOUT)
            .pollInterval(Duration.ofSeconds(1))
            .until(
                () -> job.batches().stream().mapToLong(batch -> batch.count("read")).sum() >= 6000);

        assertThat(job.log()).doesNotContain("the query failed").doesNotContain("the job waits");
        // For some seconds the other nodes still query the dead one, so a scan of a table times
        // out.
        await()
            .atMost(JobRun.TIMEOUT)
            .ignoreExceptionsInstanceOf(ReadTimeoutException.class)
            .untilAsserted(
                () -> assertThat(StoredTick.all(cassandra, job.keyspace())).isEqualTo(day.ticks()));
        clean.runOnce();
        assertThat(Tables.of(cassandra, job.keyspace()))
            .isEqualTo(Tables.of(cassandra, clean.keyspace()));
        assertThat(job.stop(Duration.ofSeconds(60))).isEqualTo(143);
      }
    }
  }
}
