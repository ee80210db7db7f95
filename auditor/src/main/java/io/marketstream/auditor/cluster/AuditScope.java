package io.marketstream.auditor.cluster;

import io.marketstream.auditor.CandleInterval;
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
 * @param intervals of candles that the job was told to keep; empty for those that the table has,
 *     which cannot show that one is missing everywhere
 * @param lateness the job's
 * @param settling how long to wait before looking again at what seems wrong: a running pipeline
 *     writes its tables one after the other
 */
public record AuditScope(
    Set<String> sources,
    Optional<Instant> since,
    Optional<Instant> until,
    Optional<List<CandleInterval>> intervals,
    Duration lateness,
    Duration settling) {

  /** Everything, by the job's defaults. */
  public static AuditScope everything() {
    return new AuditScope(
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ofMinutes(2),
        Duration.ofSeconds(5));
  }

  boolean concerns(String source) {
    return sources.isEmpty() || sources.contains(source);
  }
}
