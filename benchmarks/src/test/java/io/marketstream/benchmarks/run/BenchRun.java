package io.marketstream.benchmarks.run;

import io.marketstream.embedded.component.SparkJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One contender on a topic, with a keyspace and a checkpoint of its own. It is created stopped. It
 * can be killed and started again. Closing it drops the keyspace and deletes the checkpoint.
 */
final class BenchRun implements AutoCloseable {
  private static final Pattern STARTED =
      Pattern.compile("^(\\S+) .*Job: started ", Pattern.MULTILINE);
  private static final DateTimeFormatter LOG_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss,SSS");

  private final BenchStores stores;
  private final Contender contender;
  private final String keyspace;
  private final Path folder;
  private final SparkJob job;

  BenchRun(BenchStores stores, Contender contender, String topic) {
    this.stores = stores;
    this.contender = contender;
    this.keyspace = stores.newKeyspace();
    String name = contender.label() + "-" + keyspace;
    this.folder = stores.home.resolve(name);
    this.job =
        stores.job(
            name,
            contender.submission(stores, topic, keyspace, folder.resolve("checkpoint").toUri()));
  }

  /** Starts the job. Returns when its log says that its queries have started. */
  BenchRun start() {
    job.start();
    return this;
  }

  /** {@code kill -9}. */
  void kill() {
    job.kill();
  }

  /**
   * Fails if the job has ended by itself.
   *
   * @throws AssertionError naming its log
   */
  void requireRunning() {
    if (!job.isRunning()) {
      throw new AssertionError(
          contender.label() + " ended with exit code " + job.exitCode() + ": see " + job.log());
    }
  }

  /** When the last start logged that its queries were started, epoch ms. */
  long startedAt() {
    String log;
    try {
      log = Files.readString(job.log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Optional<String> time =
        STARTED.matcher(log).results().map(line -> line.group(1)).reduce((first, last) -> last);
    return LocalDateTime.parse(time.orElseThrow(), LOG_TIME)
        .atZone(ZoneId.systemDefault())
        .toInstant()
        .toEpochMilli();
  }

  /** Returns the processor time of the job's process so far, user and system. */
  Duration processorTime() {
    return BenchStores.processorTime(job);
  }

  Contender contender() {
    return contender;
  }

  String keyspace() {
    return keyspace;
  }

  String sparkVersion() {
    return job.version();
  }

  @Override
  public String toString() {
    return contender.label() + " on " + keyspace;
  }

  @Override
  public void close() {
    job.stop();
    stores.dropKeyspace(keyspace);
    BenchStores.delete(folder);
  }
}
