package io.marketstream.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.model.CandleInterval;
import io.marketstream.spark.failure.StartException;
import io.marketstream.spark.settings.BatchTrigger;
import io.marketstream.spark.settings.JobSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointOptionsTest {
  private final Configuration hadoop = new Configuration();
  @TempDir private Path directory;

  @Test
  void theSameOptionsInAnotherOrderAreAccepted() {
    CheckpointOptions.check(hadoop, settings(List.of("a", "b"), "ks", 120_000, "1m", "1h"));

    assertThatCode(
            () ->
                CheckpointOptions.check(
                    hadoop, settings(List.of("b", "a"), "ks", 120_000, "1h", "1m")))
        .doesNotThrowAnyException();
  }

  @Test
  void anOptionThatIsFixedMayNotChange() {
    CheckpointOptions.check(hadoop, settings(List.of("a"), "ks", 120_000, "1m"));

    assertRefused(settings(List.of("a", "b"), "ks", 120_000, "1m"), "--topics a, not a,b");
    assertRefused(settings(List.of("a"), "other", 120_000, "1m"), "--keyspace ks, not other");
    assertRefused(settings(List.of("a"), "ks", 60_000, "1m"), "--lateness 120000ms, not 60000ms");
    assertRefused(settings(List.of("a"), "ks", 120_000, "5m"), "--candles 1m, not 5m");
  }

  /** One query cannot continue for two, nor two for one. */
  @Test
  void realTimeModeNeedsItsOwnCheckpoint() {
    JobSettings batches = settings(List.of("a"), "ks", 120_000, "1m");
    JobSettings realTime = inRealTime(directory.resolve("realtime"), 60_000);
    CheckpointOptions.check(hadoop, batches);
    CheckpointOptions.check(hadoop, realTime);

    assertRefused(inRealTime(directory, 60_000), "was created without --trigger realtime");
    assertRefused(
        settings(directory.resolve("realtime"), List.of("a"), "ks", 120_000, "1m"),
        "was created with --trigger realtime: start the job with it");
    assertThatCode(
            () ->
                CheckpointOptions.check(hadoop, inRealTime(directory.resolve("realtime"), 10_000)))
        .doesNotThrowAnyException();
  }

  private static JobSettings inRealTime(Path checkpoint, long checkpointMillis) {
    return settings(
        checkpoint, new BatchTrigger.RealTime(checkpointMillis), List.of("a"), "ks", 120_000, "1m");
  }

  @Test
  void theCheckpointOfAnotherJobIsRefused() throws IOException {
    Files.createDirectory(directory.resolve("offsets"));

    assertRefused(settings(List.of("a"), "ks", 120_000, "1m"), "the checkpoint of another query");
  }

  @Test
  void theCheckpointOfAJobWithTwoQueriesIsRefused() throws IOException {
    CheckpointOptions.check(hadoop, settings(List.of("a"), "ks", 120_000, "1m"));
    Files.createDirectory(directory.resolve("fold"));

    assertRefused(
        settings(List.of("a"), "ks", 120_000, "1m"),
        "belongs to an older job, which wrote the tables with two queries");
  }

  /** Checkpoints before 0.1.0 did not record the version. */
  @Test
  void aCheckpointWithStateOfVersionOneIsRefused() throws IOException {
    CheckpointOptions.check(hadoop, settings(List.of("a"), "ks", 120_000, "1m"));
    Path file = directory.resolve("market-data-job.properties");
    Files.writeString(file, Files.readString(file).replaceAll("(?m)^state.version=.*$", ""));
    Files.delete(directory.resolve(".market-data-job.properties.crc"));

    assertRefused(
        settings(List.of("a"), "ks", 120_000, "1m"),
        "the checkpoint holds state of version 1, this job reads version 4");
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    JobSettings settings = settings(file.resolve("below"), List.of("a"), "ks", 1, "1m");

    assertThatThrownBy(() -> CheckpointOptions.check(hadoop, settings))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("--checkpoint")
        .hasMessageContaining(file.toString());
  }

  private void assertRefused(JobSettings settings, String message) {
    assertThatThrownBy(() -> CheckpointOptions.check(hadoop, settings))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(message);
  }

  private JobSettings settings(
      List<String> topics, String keyspace, long latenessMs, String... candles) {
    return settings(directory, topics, keyspace, latenessMs, candles);
  }

  private static JobSettings settings(
      Path checkpoint, List<String> topics, String keyspace, long latenessMs, String... candles) {
    return settings(checkpoint, new BatchTrigger.Every(0), topics, keyspace, latenessMs, candles);
  }

  private static JobSettings settings(
      Path checkpoint,
      BatchTrigger trigger,
      List<String> topics,
      String keyspace,
      long latenessMs,
      String... candles) {
    return new JobSettings(
        "broker:9092",
        topics,
        "gaps",
        "rejected",
        keyspace,
        checkpoint.toString(),
        List.of(candles).stream().map(CandleInterval::parse).toList(),
        latenessMs,
        trigger,
        "earliest",
        1000,
        0,
        Map.of());
  }
}
