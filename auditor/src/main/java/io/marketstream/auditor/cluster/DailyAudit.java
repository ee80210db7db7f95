package io.marketstream.auditor.cluster;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.model.Tables;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Audits the days (UTC) that are over and have no verdict yet, one by one, and stores the verdicts.
 */
public final class DailyAudit {
  private final CqlSession cassandra;
  private final Optional<AuditedTopics> kafka;
  private final AuditScope scope;
  private final Clock clock;
  private final Optional<TopicAudit> otherEngine;
  private final AuditProgress progress;

  /**
   * @param scope with the first event time; days are audited from there on
   */
  public DailyAudit(
      CqlSession cassandra,
      Optional<AuditedTopics> kafka,
      AuditScope scope,
      Clock clock,
      Optional<TopicAudit> otherEngine,
      AuditProgress progress) {
    this.cassandra = cassandra;
    this.kafka = kafka;
    this.scope = scope;
    this.clock = clock;
    this.otherEngine = otherEngine;
    this.progress = progress;
  }

  /**
   * Audits.
   *
   * @param onReport receives each day and its report as soon as it is ready
   * @param note receives which day of which source has no verdict yet, and why
   * @return the reports by day; without days that have a verdict or are not over
   */
  public Map<LocalDate, AuditReport> run(
      BiConsumer<LocalDate, AuditReport> onReport, Consumer<String> note)
      throws InterruptedException {
    AuditedDays days = new AuditedDays(cassandra, clock, kafka.isPresent());
    TableReader tables = new TableReader(cassandra);
    Set<String> sources = new TreeSet<>(scope.sources());
    Set<String> known = new TreeSet<>();
    tables.latest(scope::concerns).keySet().forEach(key -> known.add(key.source()));
    if (known.isEmpty()) {
      throw new AuditRefusedException("latest_ticks has no row of these sources. Check --source");
    }
    if (sources.isEmpty()) {
      sources.addAll(known);
    }
    Duration kept = tables.retention(Tables.TICKS);
    Instant oldest =
        kept.isZero() ? Instant.EPOCH : clock.instant().minus(kept).plus(Duration.ofHours(3));
    Instant since = scope.since().orElse(Instant.EPOCH);
    Instant complete =
        Instant.ofEpochMilli(Jobs.read(cassandra).beganWithNewestRecords().orElse(0));
    LocalDate partly = day(Stream.of(since, oldest, complete).max(Instant::compareTo).get());
    // A day with expired rows gets no verdict.
    LocalDate first = start(partly).equals(since) ? partly : partly.plusDays(1);
    Map<String, Heartbeat> heartbeats =
        kafka.map(topics -> new TopicReader(topics).heartbeats(0)).orElse(Map.of());
    Map<LocalDate, AuditReport> reports = new TreeMap<>();
    for (LocalDate day = first; isOver(day); day = day.plusDays(1)) {
      if (!isReached(day)) {
        throw new AuditRefusedException(
            "The job has not reached the end of "
                + day
                + (reports.isEmpty() ? "" : ", and the days before are audited")
                + ". Check that it is running; the table job_progress shows its progress");
      }
      Set<String> open = new TreeSet<>(sources);
      LocalDate asked = day;
      open.removeIf(source -> days.isAudited(source, asked));
      open.removeIf(
          source -> {
            Heartbeat newest = heartbeats.get(source);
            if (newest == null || newest.sentAt() >= start(asked.plusDays(1)).toEpochMilli()) {
              return false;
            }
            note.accept(
                source
                    + " has no verdict on "
                    + asked
                    + " yet: its connector has sent no heartbeat since "
                    + Instant.ofEpochMilli(newest.sentAt())
                    + ", and records what is missing when it is back");
            return true;
          });
      if (open.isEmpty()) {
        continue;
      }
      ClusterAudit audit =
          new ClusterAudit(
              cassandra, kafka, Optional.empty(), scope(day, open), clock, otherEngine, progress);
      AuditReport report = audit.run();
      days.keep(day, audit.bySymbol());
      reports.put(day, report);
      onReport.accept(day, report);
    }
    return reports;
  }

  private AuditScope scope(LocalDate day, Set<String> sources) {
    return new AuditScope(
        sources,
        Optional.of(start(day)),
        Optional.of(start(day.plusDays(1))),
        scope.intervals(),
        scope.lateness(),
        scope.settling(),
        scope.maxWait());
  }

  private Instant over(LocalDate day) {
    Duration lateness = scope.lateness().orElse(Duration.ofMinutes(2));
    return start(day.plusDays(1)).plus(lateness).plus(scope.settling());
  }

  private boolean isOver(LocalDate day) {
    return over(day).isBefore(clock.instant());
  }

  /** Whether the job has processed the whole day. */
  private boolean isReached(LocalDate day) {
    Jobs jobs = Jobs.read(cassandra);
    return !jobs.areKnown() || jobs.reached().completeUntil() >= over(day).toEpochMilli();
  }

  private static LocalDate day(Instant time) {
    return time.atZone(ZoneOffset.UTC).toLocalDate();
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
