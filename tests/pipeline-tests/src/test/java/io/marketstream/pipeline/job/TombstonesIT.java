package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.pipeline.TestStack;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job's statements leave no tombstones, even for ticks without volume or conditions, candles
 * without prices, and gaps that open and close.
 */
@Tag("job")
@Tag("extended")
@Execution(ExecutionMode.SAME_THREAD)
@ExtendWith(SharedStores.class)
class TombstonesIT {
  private static final Logger LOG = LoggerFactory.getLogger(TombstonesIT.class);

  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);

  @Test
  void theJobWritesNoTombstone(TestStack stores) {
    LOG.info("Seed {}", SEED);
    JobTopics topics = JobTopics.unique("tombstones");
    stores.createTopic(topics.ticks(), 1);
    stores.createTopic(topics.gaps(), 1);
    SeededTopic day = new SeededTopic(SEED, topics);
    TopicRecord.publish(stores.kafka, day.next(2000));
    try (CqlSession cassandra = stores.session();
        JobRun job = new JobRun(stores, topics, stores.newKeyspace("tombstones"))) {
      job.runOnce();

      for (String table : List.of("ticks", "latest_ticks", "candles", "feed_gaps")) {
        assertThat(Tables.count(cassandra, job.keyspace(), table)).as(table).isPositive();
        assertThat(Tombstones.met(cassandra, job.keyspace(), table)).as(table).isZero();
      }
      for (String table : List.of("job_options", "job_progress")) {
        assertThat(Tombstones.met(cassandra, job.keyspace(), table)).as(table).isZero();
      }
    }
  }
}
