package io.marketstream.local.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The report that {@code --report} writes. Counts are of the sessions opened in this run.
 *
 * @param durationSeconds from the first tick read back to the end of sending
 * @param ticksSent ticks written to the simulators' sockets; null when a feed is live
 * @param ticksInKafka distinct ticks in the topic
 * @param ticksInCassandra distinct rows of {@code ticks}
 * @param gaps distinct gaps recorded
 * @param rejected inputs rejected, a repeat of the job counted once
 * @param latencyMs Cassandra write time − {@code received_at}; null when no tick arrived
 * @param components by name
 */
public record RunReport(
    @JsonProperty("duration_s") double durationSeconds,
    @JsonProperty("ticks_sent") @Nullable Long ticksSent,
    @JsonProperty("ticks_in_kafka") long ticksInKafka,
    @JsonProperty("ticks_in_cassandra") long ticksInCassandra,
    @JsonProperty("gaps") long gaps,
    @JsonProperty("rejected") long rejected,
    @JsonProperty("latency_ms") @Nullable Latency latencyMs,
    @JsonProperty("components") Map<String, Component> components) {

  /** Latencies in milliseconds. */
  public record Latency(
      @JsonProperty("p50") long p50,
      @JsonProperty("p99") long p99,
      @JsonProperty("max") long max) {}

  /**
   * The figures of a component.
   *
   * @param version the version of the product
   * @param startupSeconds until the component answered
   * @param rssMb MB (10⁶ bytes) of RAM at the end of the run; null when the machine does not say
   */
  public record Component(
      @JsonProperty("version") String version,
      @JsonProperty("startup_s") double startupSeconds,
      @JsonProperty("rss_mb") @Nullable Long rssMb) {}

  /**
   * Returns the counts in one line.
   *
   * @param feeds which feed is live and which is simulated
   */
  public String summary(String feeds) {
    return String.format(
        Locale.ROOT,
        "%s: %s sent, %,d in Kafka, %,d in Cassandra, %d gaps, %d rejected, %s, in %.1f s",
        feeds,
        ticksSent == null ? "unknown number" : String.format(Locale.ROOT, "%,d ticks", ticksSent),
        ticksInKafka,
        ticksInCassandra,
        gaps,
        rejected,
        latencyMs == null
            ? "no latency"
            : "latency p50 "
                + latencyMs.p50()
                + " p99 "
                + latencyMs.p99()
                + " max "
                + latencyMs.max()
                + " ms",
        durationSeconds);
  }

  /** Returns the report as JSON, with a line break at the end. */
  public String toJson() {
    try {
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(this)
          + "\n";
    } catch (IOException e) {
      throw new IllegalStateException("A report of numbers and strings is always JSON", e);
    }
  }

  /**
   * Writes the report as JSON.
   *
   * @throws UsageException if the file cannot be written
   */
  public void write(Path file) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      Files.createDirectories(parent);
      Files.writeString(file, toJson());
    } catch (IOException e) {
      throw new UsageException("Cannot write the report to " + file + ": " + e.getMessage(), e);
    }
  }
}
