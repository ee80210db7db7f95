package io.marketstream.auditor.cluster;

import io.marketstream.model.CandleInterval;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The part of a cluster that is audited.
 *
 * @param sources the sources; empty for all
 * @param since the first event time; empty for no limit
 * @param until the first event time that is not audited any more; empty for no limit
 * @param intervals candle intervals to check; empty for those that the job reports
 * @param lateness the lateness of the job; empty for the one that the job reports
 * @param settling how long after the ticks around it a gap may reach its topic and table
 * @param maxWait how long to wait for a job that is behind
 */
public record AuditScope(
    Set<String> sources,
    Optional<Instant> since,
    Optional<Instant> until,
    Optional<List<CandleInterval>> intervals,
    Optional<Duration> lateness,
    Duration settling,
    Duration maxWait) {
  /** The default of {@code --settle}. */
  public static final Duration DEFAULT_SETTLING = Duration.ofSeconds(60);

  /** The default of {@code --wait}. */
  public static final Duration DEFAULT_WAIT = Duration.ofSeconds(60);

  /** Creates a scope of everything, with the options that the job reports. */
  public static AuditScope everything() {
    return new AuditScope(
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        DEFAULT_SETTLING,
        DEFAULT_WAIT);
  }

  boolean concerns(String source) {
    return sources.isEmpty() || sources.contains(source);
  }
}
