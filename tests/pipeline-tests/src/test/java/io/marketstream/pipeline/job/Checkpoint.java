package io.marketstream.pipeline.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The batches of a checkpoint: which have begun, and which are done. */
record Checkpoint(Path folder) {

  static Checkpoint of(JobRun job) {
    return new Checkpoint(job.checkpoint().resolve("market_data"));
  }

  /** Whether a batch has begun and is not done. */
  boolean hasBatchCutOff() {
    return newestOffsets() > newestCommit();
  }

  /** Returns the newest batch that has begun, or -1. */
  long newestOffsets() {
    return newest("offsets");
  }

  /** Returns the newest batch that is done, or -1. */
  long newestCommit() {
    return newest("commits");
  }

  /** Deletes the record that the newest batch is done. */
  void deleteNewestCommit() {
    delete("commits", newestCommit());
  }

  /** Deletes the record that the newest batch has begun, and the offsets that it reads. */
  void deleteNewestOffsets() {
    delete("offsets", newestOffsets());
  }

  private void delete(String log, long batch) {
    try {
      Files.delete(folder.resolve(log).resolve("" + batch));
      Files.deleteIfExists(folder.resolve(log).resolve("." + batch + ".crc"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long newest(String log) {
    try (Stream<Path> files = Files.list(folder.resolve(log))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("\\d+"))
          .mapToLong(Long::parseLong)
          .max()
          .orElse(-1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
