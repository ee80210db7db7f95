package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.embedded.component.Component;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cassandra or the broker is down for a minute under load. Then the job continues by itself,
 * without loss or duplicates.
 */
@Tag("job")
@Tag("extended")
@Order(1)
class OutagesIT {
  private static final Logger LOG = LoggerFactory.getLogger(OutagesIT.class);

  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);
  private static final Duration OUTAGE = Duration.ofSeconds(60);

  @TempDir Path home;
  private TestStack stores;
  private SeededTopic day;

  @BeforeEach
  void startStores() {
    LOG.info("Seed {}", SEED);
    stores = TestStack.storesOnly(home).start();
    JobTopics topics = JobTopics.unique("outage");
    stores.createTopic(topics.ticks(), 3);
    stores.createTopic(topics.gaps(), 1);
    day = new SeededTopic(SEED, topics);
  }

  @AfterEach
  void stopStores() {
    stores.close();
  }

  @Test
  void cassandraIsKilledAndAwayForAMinute() throws Exception {
    assertThatTheJobContinuesAfter(() -> outageOf(stores.cassandra, true));
  }

  @Test
  void cassandraHangsForAMinute() throws Exception {
    assertThatTheJobContinuesAfter(
        () -> {
          stores.cassandra.suspend();
          TopicRecord.publish(stores.kafka, day.next(2000));
          Thread.sleep(OUTAGE.toMillis()); // the outage itself
          stores.cassandra.resume();
        });
  }

  @Test
  void theBrokerIsKilledAndAwayForAMinute() throws Exception {
    assertThatTheJobContinuesAfter(() -> outageOf(stores.kafka, false));
  }

  private interface Outage {
    void pass() throws InterruptedException;
  }

  private void outageOf(Component component, boolean publishMeanwhile) throws InterruptedException {
    component.kill();
    if (publishMeanwhile) {
      TopicRecord.publish(stores.kafka, day.next(2000));
    }
    Thread.sleep(OUTAGE.toMillis()); // the outage itself
    component.start();
  }

  private void assertThatTheJobContinuesAfter(Outage outage) throws Exception {
    try (JobRun job = new JobRun(stores, day.topics(), stores.newKeyspace("outage"));
        JobRun clean = new JobRun(stores, day.topics(), stores.newKeyspace("clean"))) {
      job.option("--max-offsets-per-trigger", "500");
      TopicRecord.publish(stores.kafka, day.next(4000));
      job.start();
      await().atMost(JobRun.TIMEOUT).until(() -> !job.batches().isEmpty());
      outage.pass();
      TopicRecord.publish(stores.kafka, day.next(2000));

      try (CqlSession cassandra = stores.session()) {
        clean.runOnce();
        Map<String, List<String>> expected = Tables.of(cassandra, clean.keyspace());
        await()
            .atMost(JobRun.TIMEOUT)
            .pollInterval(Duration.ofSeconds(2))
            .untilAsserted(
                () ->
                    assertThat(Tables.of(cassandra, job.keyspace()))
                        .as("after the outage; log %s", job.logFile())
                        .isEqualTo(expected));
        assertThat(StoredTick.all(cassandra, job.keyspace())).isEqualTo(day.ticks());
        await()
            .atMost(JobRun.TIMEOUT)
            .untilAsserted(
                () ->
                    assertThat(ProgressRow.of(cassandra, job).nextOffsets())
                        .as("progress after the outage")
                        .isEqualTo(stores.ends(day.topics().ticks(), day.topics().gaps())));
        assertThat(job.isRunning()).as("the first driver still runs").isTrue();
      }
      assertThat(job.stop(Duration.ofSeconds(60))).isEqualTo(143);
    }
  }
}
