package io.marketstream.pipeline.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the checkpoint says of its batches: which were begun, and which are done. */
record Checkpoint(Path folder) {

  static Checkpoint of(JobRun job) {
    return new Checkpoint(job.checkpoint().resolve("market_data"));
  }

  /** Whether a batch was begun and is not done. */
  boolean hasBatchCutOff() {
    return newestOffsets() > newestCommit();
  }

  /** The newest batch that was begun; -1 if none was. */
  long newestOffsets() {
    return newest("offsets");
  }

  /** The newest batch that is done; -1 if none is. */
  long newestCommit() {
    return newest("commits");
  }

  /** Forgets that the newest batch is done. */
  void deleteNewestCommit() {
    delete("commits", newestCommit());
  }

  /** Forgets that the newest batch was begun, and what it was to read. */
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
