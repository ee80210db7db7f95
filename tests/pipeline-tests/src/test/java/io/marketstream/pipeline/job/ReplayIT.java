package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Whatever is repeated, the tables are byte for byte those of one clean run over the same topic:
 * after batches that were not committed, after kills at random moments, and built anew in other
 * batches.
 */
@Tag("job")
@Execution(ExecutionMode.SAME_THREAD)
@Tag("kills")
@ExtendWith(SharedStores.class)
class ReplayIT {

  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);

  /** {@code -Pfaults} asks for more. */
  private static final int KILLS = Integer.getInteger("marketstream.kill.rounds", 3);

  private static final int SLICE = 3000;

  @Test
  void replaysKillsAndRebuildsLeaveTheTablesOfOneCleanRun(TestStack stores) throws Exception {
    System.out.println("ReplayIT seed " + SEED);
    Random random = new Random(SEED);
    JobTopics topics = JobTopics.unique("replay");
    stores.createTopic(topics.ticks(), 3);
    stores.createTopic(topics.gaps(), 1);
    SeededTopic day = new SeededTopic(SEED, topics);
    try (CqlSession cassandra = stores.session();
        JobRun killed = new JobRun(stores, topics, stores.newKeyspace("killed"));
        JobRun clean = new JobRun(stores, topics, stores.newKeyspace("clean"));
        JobRun rebuilt = new JobRun(stores, topics, stores.newKeyspace("rebuilt"))) {
      // Small batches: a kill is to find one running, wherever it comes.
      killed.option("--max-offsets-per-trigger", "100");
      int cutOff = 0;
      for (int round = 0; round < KILLS; round++) {
        TopicRecord.publish(stores.kafka, day.next(SLICE));
        killed.start();
        await().atMost(JobRun.PATIENCE).until(() -> !killed.batches().isEmpty());
        Thread.sleep(random.nextInt(1500)); // the moment of the kill, not a wait for anything
        await("a batch runs")
            .atMost(JobRun.PATIENCE)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> Checkpoint.of(killed).hasBatchCutOff());
        killed.kill();
        cutOff += Checkpoint.of(killed).hasBatchCutOff() ? 1 : 0;
      }
      System.out.println("ReplayIT kills " + KILLS + ", in the middle of a batch " + cutOff);
      assertThat(cutOff).as("kills that found a batch running").isPositive();
      TopicRecord.publish(stores.kafka, day.next(SLICE));
      killed.option("--max-offsets-per-trigger", "3000").runOnce();

      clean.option("--max-offsets-per-trigger", "5000").start();
      await()
          .atMost(JobRun.PATIENCE)
          .until(() -> total(clean.batches(), "read") >= (KILLS + 1L) * SLICE);
      assertThat(clean.stop(Duration.ofSeconds(60))).as("exit code after SIGTERM").isEqualTo(143);
      Map<String, List<String>> tables = Tables.of(cassandra, clean.keyspace());

      assertThat(StoredTick.all(cassandra, clean.keyspace())).isEqualTo(day.ticks());
      assertThat(tables.get("ticks")).hasSize(day.ticks().size());
      assertThat(tables.get("feed_gaps"))
          .hasSize(day.gapCount())
          .noneMatch(r -> r.contains("gap_end=NULL"));
      assertThat(tables.get("candles")).isNotEmpty();
      assertThat(tables.get("latest_ticks")).hasSize(7);
      assertThat(Tables.of(cassandra, killed.keyspace())).as("after kills").isEqualTo(tables);

      // The last batch as it was, and then what it read in other batches.
      Checkpoint.of(clean).deleteNewestCommit();
      clean.runOnce();
      assertThat(Tables.of(cassandra, clean.keyspace()))
          .as("after the last batch again")
          .isEqualTo(tables);
      Checkpoint.of(clean).deleteNewestCommit();
      Checkpoint.of(clean).deleteNewestOffsets();
      clean.option("--max-offsets-per-trigger", "700").runOnce();
      assertThat(Tables.of(cassandra, clean.keyspace()))
          .as("after the last batch cut otherwise")
          .isEqualTo(tables);

      rebuilt.option("--max-offsets-per-trigger", "1700").runOnce();
      assertThat(Tables.of(cassandra, rebuilt.keyspace())).as("rebuilt").isEqualTo(tables);
      assertThat(rebuilt.log()).contains("batch id=");
      assertThat(total(rebuilt.batches(), "late")).isPositive();
      assertThat(total(rebuilt.batches(), "duplicates")).isPositive();
      assertThat(total(rebuilt.batches(), "unknown_conditions")).isPositive();
    }
  }

  private static long total(List<LoggedBatch> batches, String count) {
    return batches.stream().mapToLong(batch -> batch.count(count)).sum();
  }
}
