package io.marketstream.auditor.cluster;

import io.marketstream.model.CandleInterval;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What of a cluster to audit.
 *
 * @param sources none for all
 * @param since the first event time; empty for all that is kept
 * @param until the first event time that is no longer audited; empty for what is newest now
 * @param intervals of candles to check; empty for those that the job says it keeps
 * @param lateness of the job; empty for what the job says
 * @param settling how long after the ticks around it a gap may reach its topic and table
 * @param patience how long to wait for a job that is behind
 */
public record AuditScope(
    Set<String> sources,
    Optional<Instant> since,
    Optional<Instant> until,
    Optional<List<CandleInterval>> intervals,
    Optional<Duration> lateness,
    Duration settling,
    Duration patience) {
  /** What the front door takes. */
  public static final Duration DEFAULT_SETTLING = Duration.ofSeconds(60);

  /** What the front door takes. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(60);

  /** Everything, by what the job says. */
  public static AuditScope everything() {
    return new AuditScope(
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        DEFAULT_SETTLING,
        DEFAULT_PATIENCE);
  }

  boolean concerns(String source) {
    return sources.isEmpty() || sources.contains(source);
  }
}
