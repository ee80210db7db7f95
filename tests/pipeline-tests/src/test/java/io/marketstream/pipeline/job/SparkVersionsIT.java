package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.embedded.component.SparkRelease;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
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

/** The same jar on every Spark leaves the same tables from the same topic. */
@Tag("job")
@Tag("extended")
@Execution(ExecutionMode.SAME_THREAD)
@Order(1)
@ExtendWith(SharedStores.class)
class SparkVersionsIT {
  private static final Logger LOG = LoggerFactory.getLogger(SparkVersionsIT.class);

  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);
  private static final int SLICE = 3000;

  @Test
  void everySparkLeavesTheSameTables(TestStack stores) {
    LOG.info("Seed {}", SEED);
    SeededTopic day = newTopic(stores);
    TopicRecord.publish(stores.kafka, day.next(2 * SLICE));

    try (CqlSession cassandra = stores.session()) {
      Map<String, List<String>> expected = null;
      for (SparkRelease release : SparkRelease.values()) {
        try (JobRun run = new JobRun(stores, day.topics(), stores.newKeyspace("spark"))) {
          run.on(release).option("--max-offsets-per-trigger", "2500").runOnce();
          Map<String, List<String>> tables = Tables.of(cassandra, run.keyspace());
          assertThat(StoredTick.all(cassandra, run.keyspace()))
              .as("%s", release)
              .isEqualTo(day.ticks());
          assertThat(ProgressRow.of(cassandra, run).nextOffsets())
              .as("%s", release)
              .isEqualTo(stores.ends(day.topics().ticks(), day.topics().gaps()));
          expected = expected == null ? tables : expected;
          assertThat(tables).as("%s", release).isEqualTo(expected);
        }
      }
    }
  }

  /** After an upgrade of the cluster, the job continues with the same checkpoint. */
  @Test
  void aCheckpointContinuesOnTheNextSpark(TestStack stores) {
    SeededTopic day = newTopic(stores);
    try (CqlSession cassandra = stores.session();
        JobRun upgraded = new JobRun(stores, day.topics(), stores.newKeyspace("upgraded"));
        JobRun clean = new JobRun(stores, day.topics(), stores.newKeyspace("clean"))) {
      for (SparkRelease release : SparkRelease.values()) {
        TopicRecord.publish(stores.kafka, day.next(SLICE));
        upgraded.on(release).runOnce();
      }
      clean.runOnce();
      assertThat(StoredTick.all(cassandra, clean.keyspace())).isEqualTo(day.ticks());
      assertThat(Tables.of(cassandra, upgraded.keyspace()))
          .isEqualTo(Tables.of(cassandra, clean.keyspace()));
    }
  }

  private static SeededTopic newTopic(TestStack stores) {
    JobTopics topics = JobTopics.unique("versions");
    stores.createTopic(topics.ticks(), 3);
    stores.createTopic(topics.gaps(), 1);
    return new SeededTopic(SEED, topics);
  }
}
