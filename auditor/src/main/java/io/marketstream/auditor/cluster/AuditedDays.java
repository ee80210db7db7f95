package io.marketstream.auditor.cluster;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.DayState;
import io.marketstream.auditor.report.Finding;
import io.marketstream.model.Tables;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** The table {@code audited_days}: the verdicts on days that are over. */
final class AuditedDays {
  /** The symbol in the row of a whole source, which is written last. */
  private static final String ALL = SymbolKey.ALL;

  private final CqlSession session;
  private final PreparedStatement insert;
  private final PreparedStatement isThere;
  private final Clock clock;
  private final boolean withTopics;

  /**
   * @param session a session with the keyspace, as a user who may write the table
   * @param withTopics whether the audits read the topics
   */
  AuditedDays(CqlSession session, Clock clock, boolean withTopics) {
    this.session = session;
    this.clock = clock;
    this.withTopics = withTopics;
    insert =
        session.prepare(
            "INSERT INTO "
                + Tables.AUDITED_DAYS
                + " (source, day, symbol, state, ticks, in_gaps, dropped,"
                + " rejected, unexplained, findings, gap_ms, candles_checked, with_topics,"
                + " audited_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    isThere =
        session.prepare(
            "SELECT symbol FROM "
                + Tables.AUDITED_DAYS
                + " WHERE source = ? AND day = ? AND symbol = ?");
  }

  boolean isAudited(String source, LocalDate day) {
    return session.execute(isThere.bind(source, day, ALL)).one() != null;
  }

  /**
   * Writes the verdicts of one day, for each source last. A source without data gets no verdict:
   * either its feed was silent or its connector was down.
   */
  void keep(LocalDate day, Map<SymbolKey, AuditReport> reports) {
    Map<String, TreeSet<DayState>> states = new TreeMap<>();
    Map<String, AuditReport> sums = new TreeMap<>();
    reports.forEach(
        (key, report) -> {
          DayState state = DayState.of(report, Duration.ofDays(1).toMillis());
          states.computeIfAbsent(key.source(), unseen -> new TreeSet<>()).add(state);
          sums.merge(key.source(), report, AuditReport::plus);
          write(day, key, state, report);
        });
    sums.forEach(
        (source, sum) -> {
          TreeSet<DayState> ofSource =
              Objects.requireNonNull(states.get(source), "every report has a state");
          write(day, new SymbolKey(source, ALL), ofSource.last(), sum);
        });
  }

  private void write(LocalDate day, SymbolKey key, DayState state, AuditReport report) {
    session.execute(
        insert.bind(
            key.source(),
            day,
            key.symbol(),
            state.stored(),
            report.counts().stored(),
            report.counts().inGaps(),
            report.gaps().dropped(),
            report.counts().rejected(),
            report.unexplained(),
            report.findings().stream().mapToLong(Finding::count).sum(),
            report.gaps().millis(),
            report.counts().candlesChecked(),
            withTopics,
            clock.instant(),
            version()));
  }

  private static String version() {
    String version = AuditedDays.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }
}
