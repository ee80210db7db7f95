package io.marketstream.faults;

import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.ReportText;
import io.marketstream.pipeline.PipelineAudit;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.VenueComparison;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges a drained pipeline by the auditor: first with the simulators' record of what they sent,
 * then by the two audits that users have. The trades of Coinbase are also compared with those that
 * its venue made.
 */
final class Checker {
  private static final Logger LOG = LoggerFactory.getLogger(Checker.class);
  private static final int MAX_LOGGED_FINDINGS = 5;

  /** Ticks may still be on their way, so an audit with findings is repeated for this long. */
  private static final Duration SETTLE_TIMEOUT = Duration.ofMinutes(3);

  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final TestPipeline pipeline;
  private final PipelineAudit audit;
  private AuditSummary summary = AuditSummary.NONE;

  Checker(TestPipeline pipeline) {
    this.pipeline = pipeline;
    audit = pipeline.audit();
  }

  /** Returns the figures of the check, or {@link AuditSummary#NONE} before it. */
  AuditSummary summary() {
    return summary;
  }

  /**
   * Audits everything.
   *
   * @param delivered how many ticks without a trade id the simulators wrote to sockets
   * @return what is wrong; empty if everything is explained
   */
  Optional<String> check(long delivered) throws InterruptedException {
    AuditReport report = settled();
    summary = AuditSummary.of(report);
    if (!summary.isClean()) {
      return Optional.of(failure("", report));
    }
    if (audit.deliveredOfJournals() != delivered) {
      return Optional.of(
          "The feeds sent "
              + delivered
              + " ticks, but the audit has "
              + audit.deliveredOfJournals());
    }
    AuditReport byNumbers = audit.auditWithoutJournal();
    if (!byNumbers.isClean()) {
      return Optional.of(failure("without the record of what was sent: ", byNumbers));
    }
    AuditReport ofTables = audit.auditTables();
    return ofTables.isClean()
        ? compareWithVenue()
        : Optional.of(failure("of the tables alone: ", ofTables));
  }

  /** Waits for repairs that are under way. */
  private Optional<String> compareWithVenue() throws InterruptedException {
    if (pipeline.coinbase == null) {
      return Optional.empty();
    }
    Instant end = Instant.now().plus(SETTLE_TIMEOUT);
    VenueComparison trades = pipeline.compareWithVenue();
    while (!trades.problems().isEmpty() && Instant.now().isBefore(end)) {
      Thread.sleep(PAUSE.toMillis());
      trades = pipeline.compareWithVenue();
    }
    LOG.info("The trades of Coinbase: {}", trades.summary());
    return trades.problems().isEmpty()
        ? Optional.empty()
        : Optional.of("the trades of Coinbase: " + trades.summary());
  }

  private AuditReport settled() throws InterruptedException {
    Instant end = Instant.now().plus(SETTLE_TIMEOUT);
    AuditReport report = audit.auditAll();
    while ((!report.isClean() || report.onTheirWay() > 0) && Instant.now().isBefore(end)) {
      Thread.sleep(PAUSE.toMillis());
      report = audit.auditAll();
    }
    return report;
  }

  private static String failure(String which, AuditReport report) {
    LOG.error(
        "The audit has findings:\n{}",
        String.join("\n", new ReportText(MAX_LOGGED_FINDINGS).lines(report)));
    return which + report.findings().size() + " findings: " + AuditSummary.of(report).findings();
  }
}
