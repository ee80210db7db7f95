package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.embedded.component.JobSubmission;
import io.marketstream.embedded.component.SparkJob;
import io.marketstream.embedded.component.SparkRelease;
import io.marketstream.pipeline.BuiltModule;
import io.marketstream.pipeline.TestStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The job as {@code spark-submit} runs it, with one checkpoint. It is created stopped. It can be
 * started, killed and started again, each time with other options. Each start has its own log.
 */
final class JobRun implements AutoCloseable {

  static final Duration TIMEOUT = Duration.ofMinutes(3);

  private final JobTopics topics;
  private final String keyspace;
  private final Path home;
  private final Map<String, String> options = new LinkedHashMap<>();
  private final Map<String, String> conf = new LinkedHashMap<>();
  private final List<String> extra = new ArrayList<>();
  private SparkRelease release = SparkRelease.SPARK_3_5;
  private String master = "local[2]";
  private SparkJob job;
  private int starts;

  JobRun(TestStack stores, JobTopics topics, String keyspace) {
    this.topics = topics;
    this.keyspace = keyspace;
    this.home = stores.newFolder("job-" + keyspace);
    option("--bootstrap-servers", stores.kafka.bootstrapServers());
    option("--topics", topics.ticks());
    option("--gaps-topic", topics.gaps());
    option("--rejected-topic", topics.rejected());
    option("--keyspace", keyspace);
    option("--checkpoint", checkpoint().toUri().toString());
    option("--candles", "10s,1m,1h");
    conf(
        "spark.cassandra.connection.host",
        stores.cassandra.contactPoints().stream()
            .map(InetSocketAddress::getHostString)
            .collect(Collectors.joining(",")));
    conf("spark.cassandra.connection.port", "" + stores.cassandra.cqlAddress().getPort());
  }

  /** Sets an option of the job for later starts. */
  JobRun option(String name, String value) {
    options.put(name, value);
    return this;
  }

  /** Sets a {@code --kafka-option} for later starts. */
  JobRun kafkaOption(String keyAndValue) {
    extra.add("--kafka-option");
    extra.add(keyAndValue);
    return this;
  }

  /** Sets a setting of Spark for later starts. */
  JobRun conf(String key, String value) {
    conf.put(key, value);
    return this;
  }

  /** Sets the Spark of later starts. */
  JobRun on(SparkRelease other) {
    release = other;
    return this;
  }

  /** Sets the master of later starts. */
  JobRun master(String url) {
    master = url;
    return this;
  }

  /** Starts the job. Returns when its query runs or has ended. */
  JobRun start() {
    starts++;
    List<String> arguments = new ArrayList<>();
    options.forEach((name, value) -> arguments.addAll(List.of(name, value)));
    arguments.addAll(extra);
    job =
        TestStack.PROVIDER.spark(
            TestStack.settings(home, "job-" + starts, 0, 768),
            new JobSubmission(
                release,
                master,
                BuiltModule.jar("spark-job"),
                "io.marketstream.spark.MarketDataJob",
                Optional.of(TestStack.ROOT.resolve("spark-job/conf/market-stream.properties")),
                conf,
                arguments));
    job.start();
    return this;
  }

  /** Processes all records with {@code --trigger once}, and waits until the job ends. */
  JobRun runOnce() {
    String trigger = options.getOrDefault("--trigger", "0s");
    option("--trigger", "once");
    start();
    assertThat(awaitExit()).as("exit code of the job: see %s", job.log()).isZero();
    option("--trigger", trigger);
    return this;
  }

  /** Waits until the job ends by itself. */
  int awaitExit() {
    await().atMost(TIMEOUT).until(() -> job.exitCode().isPresent());
    return job.exitCode().getAsInt();
  }

  void kill() {
    job.kill();
  }

  /** Sends SIGTERM, and kills the job after the timeout. */
  int stop(Duration bound) {
    job.stop(bound);
    return job.exitCode().getAsInt();
  }

  boolean isRunning() {
    return job.isRunning();
  }

  String keyspace() {
    return keyspace;
  }

  JobTopics topics() {
    return topics;
  }

  Path checkpoint() {
    return home.resolve("checkpoint");
  }

  /** Returns the log of the last start. */
  Path logFile() {
    return job.log();
  }

  /** Returns the text that the last start has logged so far. */
  String log() {
    try {
      return Files.readString(job.log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the batches in the log of the last start. */
  List<LoggedBatch> batches() {
    return log().lines().flatMap(line -> LoggedBatch.in(line).stream()).toList();
  }

  @Override
  public void close() {
    if (job != null) {
      job.stop();
    }
  }
}
