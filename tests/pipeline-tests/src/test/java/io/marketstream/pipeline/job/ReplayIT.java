package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables stay byte for byte those of one clean run over the same topic: after kills at random
 * moments, after a repeated last batch, and after a rebuild in other batches.
 */
@Tag("job")
@Tag("kills")
@Tag("containers")
@Execution(ExecutionMode.SAME_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedStores.class)
class ReplayIT {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayIT.class);
  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);

  /** {@code -Pfaults} sets more. */
  private static final int KILLS = Integer.getInteger("marketstream.kills", 3);

  private static final int MOST_MORE_KILLS = 5;
  private static final int SLICE = 3000;

  private SeededTopic day;
  private CqlSession cassandra;
  private JobRun killed;
  private JobRun clean;
  private JobRun rebuilt;
  private int kills;
  private int killsDuringABatch;
  private Map<String, List<String>> tables; // of the clean run

  /** Kills a job while the topic grows, and then runs another one over the whole topic. */
  @BeforeAll
  void runBothJobs(TestStack stores) throws Exception {
    LOG.info("Seed {}", SEED);
    JobTopics topics = JobTopics.unique("replay");
    stores.createTopic(topics.ticks(), 3);
    stores.createTopic(topics.gaps(), 1);
    day = new SeededTopic(SEED, topics);
    cassandra = stores.session();
    killed = new JobRun(stores, topics, stores.newKeyspace("killed"));
    clean = new JobRun(stores, topics, stores.newKeyspace("clean"));
    rebuilt = new JobRun(stores, topics, stores.newKeyspace("rebuilt"));

    Random random = new Random(SEED);
    // Small batches, so that a kill finds one running whenever it comes.
    killed.option("--max-offsets-per-trigger", "100");
    // The batch that was seen may be over when the signal arrives. One kill must find one running.
    while (kills < KILLS || (killsDuringABatch == 0 && kills < KILLS + MOST_MORE_KILLS)) {
      TopicRecord.publish(stores.kafka, day.next(SLICE));
      killed.start();
      await().atMost(JobRun.TIMEOUT).until(() -> !killed.batches().isEmpty());
      Thread.sleep(random.nextInt(1500)); // the moment of the kill
      await("a batch runs")
          .atMost(JobRun.TIMEOUT)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> Checkpoint.of(killed).hasBatchCutOff());
      killed.kill();
      kills++;
      killsDuringABatch += Checkpoint.of(killed).hasBatchCutOff() ? 1 : 0;
    }
    LOG.info("{} kills, {} of them during a batch", kills, killsDuringABatch);
    TopicRecord.publish(stores.kafka, day.next(SLICE));
    killed.option("--max-offsets-per-trigger", "3000").runOnce();

    clean.option("--max-offsets-per-trigger", "5000").start();
    await()
        .atMost(JobRun.TIMEOUT)
        .until(() -> total(clean.batches(), "read") >= (kills + 1L) * SLICE);
    assertThat(clean.stop(Duration.ofSeconds(60))).as("exit code after SIGTERM").isEqualTo(143);
    tables = tables(clean);
  }

  @AfterAll
  void stopEverything() {
    Stream.of(killed, clean, rebuilt).filter(Objects::nonNull).forEach(JobRun::close);
    if (cassandra != null) {
      cassandra.close();
    }
  }

  @Test
  void aCleanRunStoresTheWholeTopic() {
    assertThat(StoredTick.all(cassandra, clean.keyspace())).isEqualTo(day.ticks());
    assertThat(tables.get("ticks")).hasSize(day.ticks().size());
    assertThat(tables.get("feed_gaps"))
        .hasSize(day.gapCount())
        .noneMatch(r -> r.contains("gap_end=NULL"));
    assertThat(tables.get("candles")).isNotEmpty();
    assertThat(tables.get("latest_ticks")).hasSize(7);
  }

  @Test
  void killsChangeNothing() {
    assertThat(killsDuringABatch).as("kills that found a batch running").isPositive();
    assertThat(tables(killed)).isEqualTo(tables);
  }

  @Test
  void repeatingTheLastBatchChangesNothing() {
    Checkpoint.of(clean).deleteNewestCommit();
    clean.runOnce();

    assertThat(tables(clean)).isEqualTo(tables);
  }

  @Test
  void splittingTheLastBatchDifferentlyChangesNothing() {
    Checkpoint.of(clean).deleteNewestCommit();
    Checkpoint.of(clean).deleteNewestOffsets();
    clean.option("--max-offsets-per-trigger", "700").runOnce();

    assertThat(tables(clean)).isEqualTo(tables);
  }

  @Test
  void aRebuildInOtherBatchesHasTheSameTables() {
    rebuilt.option("--max-offsets-per-trigger", "1700").runOnce();

    assertThat(tables(rebuilt)).isEqualTo(tables);
    assertThat(total(rebuilt.batches(), "late")).isPositive();
    assertThat(total(rebuilt.batches(), "duplicates")).isPositive();
    assertThat(total(rebuilt.batches(), "unknown_conditions")).isPositive();
  }

  private Map<String, List<String>> tables(JobRun job) {
    return Tables.of(cassandra, job.keyspace());
  }

  private static long total(List<LoggedBatch> batches, String count) {
    return batches.stream().mapToLong(batch -> batch.count(count)).sum();
  }
}
