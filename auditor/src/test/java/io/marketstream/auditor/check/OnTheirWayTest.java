package io.marketstream.auditor.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.marketstream.auditor.evidence.AuditCutoff;
import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.GapRecords;
import io.marketstream.auditor.evidence.JobProgress;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.Reject;
import io.marketstream.auditor.evidence.Rejects;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.TickRow;
import io.marketstream.auditor.evidence.TopicTick;
import io.marketstream.auditor.report.AuditCounts;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.Finding;
import io.marketstream.auditor.report.FindingKind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Ticks that the job has not reached are on their way. A loss never is. */
class OnTheirWayTest {
  private static final SymbolKey KEY = new SymbolKey("finnhub", "AAPL");
  private static final long SESSION = 1_000_000;

  private final ListedEvidence evidence = new ListedEvidence(KEY);

  @Test
  void recordsThatTheJobHasNotReachedAreOnTheirWay() {
    evidence.topic = Optional.of(records(0, 99));
    evidence.rows = rows(0, 59);

    AuditReport report = audit(cutoff(60, 60));
    assertThat(report.findings()).isEmpty();
    assertThat(report.onTheirWay()).isEqualTo(40);
    report = audit(cutoff(70, 60));
    assertThat(report.count(FindingKind.UNEXPLAINED)).as("a loss").isEqualTo(10);
    assertThat(report.onTheirWay()).isEqualTo(30);
  }

  /** 5,000 ticks are lost and ten are on their way. The report distinguishes them. */
  @Test
  void aLargeLossIsReportedToTheLastTick() {
    evidence.topic = Optional.of(records(0, 5_099));
    List<TickRow> rows = new ArrayList<>();
    for (int number = 0; number < 5_090; number++) {
      if (number % 2 == 0 || number > 5_000) {
        rows.add(row(number));
      }
    }
    evidence.rows = rows;

    AuditReport report = audit(cutoff(5_090, 0));
    assertThat(report.count(FindingKind.UNEXPLAINED)).isEqualTo(2_500);
    assertThat(report.onTheirWay()).isEqualTo(10);
  }

  @Test
  void aHoleIsJudgedOnceTheJobHasHigherNumbers() {
    List<TickRow> rows = rows(0, 49);
    rows.addAll(rows(60, 99));
    evidence.rows = rows;

    AuditReport young = audit(cutoff(0, received(60)));
    assertThat(young.findings()).isEmpty();
    assertThat(young.onTheirWay()).isEqualTo(10);
    AuditReport old = audit(cutoff(0, received(61)));
    assertThat(old.findings())
        .extracting(Finding::what)
        .first()
        .asString()
        .startsWith("numbers 50 to 59");
    assertThat(old.onTheirWay()).isZero();
  }

  @Test
  void aHoleWhoseGapMayBeOnItsWayIsNotJudged() {
    List<TickRow> rows = rows(0, 49);
    rows.addAll(rows(60, 99));
    evidence.rows = rows;
    AuditCutoff cutoff =
        new AuditCutoff(
            JobProgress.EVERYTHING, JobProgress.EVERYTHING, Long.MAX_VALUE, received(60));

    assertThat(audit(cutoff).findings()).isEmpty();
    assertThat(audit(cutoff).onTheirWay()).isEqualTo(10);
  }

  @Test
  void rowsWrittenAfterTheTopicEndNeedNoRecord() {
    evidence.topic = Optional.of(records(0, 9));
    evidence.rows = rows(0, 11);

    assertThat(audit(new AuditCutoff(upTo(10), upTo(10), received(10), Long.MAX_VALUE)).findings())
        .isEmpty();
    assertThat(audit(new AuditCutoff(upTo(10), upTo(10), received(11), Long.MAX_VALUE)).findings())
        .extracting(Finding::kind, Finding::what)
        .containsExactly(tuple(FindingKind.NEVER_SENT, "tick " + SESSION + "/10"));
  }

  @Test
  void ticksReceivedAfterTheReadTopicNeedNoRecord() {
    evidence.topic = Optional.of(records(0, 9));
    evidence.topicUntil = received(10);
    evidence.rows = rows(0, 11);

    assertThat(audit(AuditCutoff.SETTLED).findings()).isEmpty();
  }

  /** The session began yesterday, and the first hour of the audited time is lost. */
  @Test
  void aLossAtTheBeginningOfTheSpanIsFound() {
    evidence.rows = rows(3_700, 3_750);
    evidence.lastNumbersBefore.put(SESSION, 99L);
    Span span = new Span(SESSION + 1_000_000, Long.MAX_VALUE);

    AuditReport report =
        new Audit(AuditRules.always(span, List.of(), 1), AuditCutoff.SETTLED).of(evidence);
    assertThat(report.findings(FindingKind.UNEXPLAINED))
        .extracting(Finding::what)
        .singleElement()
        .asString()
        .startsWith("numbers 100 to 3699 of session " + SESSION);
  }

  /** The row of a late trade is hours away from its neighbours. */
  @Test
  void aNumberWithARowInAnotherHourIsNotMissing() {
    List<TickRow> rows = rows(0, 49);
    rows.addAll(rows(52, 99));
    evidence.rows = rows;
    evidence.elsewhere.add(row(50));

    assertThat(audit(AuditCutoff.SETTLED).findings())
        .extracting(Finding::what)
        .singleElement()
        .asString()
        .startsWith("number 51 ");
    evidence.elsewhere.add(row(51));
    AuditReport report = audit(AuditCutoff.SETTLED);
    assertThat(report.findings()).isEmpty();
    assertThat(report.counts()).isEqualTo(new AuditCounts(98, 98, 0, 0, 0, 0));
  }

  /** The second row of the tick is days away from the first. */
  @Test
  void aSecondRowFarFromItsReceiptIsADuplicate() {
    evidence.rows = rows(0, 9);
    Tick tick = tick(5);
    Tick far =
        new Tick(
            tick.id(),
            tick.eventTime() - 90_000_000,
            tick.receivedAt(),
            tick.kind(),
            tick.price(),
            tick.volume(),
            tick.conditions());
    evidence.rows = List.of(ListedEvidence.row(far));
    evidence.elsewhere.add(row(5));
    Span days = new Span(far.eventTime() - 1, far.eventTime() + 1);

    assertThat(
            new Audit(AuditRules.always(days, List.of(), 1), AuditCutoff.SETTLED)
                .of(evidence)
                .findings(FindingKind.DUPLICATE))
        .singleElement()
        .extracting(Finding::what)
        .isEqualTo("tick " + tick.id() + " has 2 rows");
  }

  @Test
  void gapRowsAreComparedWithTheirRecords() {
    evidence.rows = rows(0, 9);
    Gap open = new Gap("AAPL", "CONNECTION_LOST", 50_000, null, SESSION, null, 10, null);
    Gap closed = new Gap("AAPL", "CONNECTION_LOST", 50_000, 60_000L, SESSION, 60_000L, 10, null);
    evidence.gapRecords =
        Optional.of(new GapRecords(Long.MIN_VALUE, List.of(at(0, open), at(1, closed))));

    evidence.gaps = List.of(closed);
    assertThat(audit(AuditCutoff.SETTLED).findings()).isEmpty();
    evidence.gaps = List.of(open);
    assertThat(audit(AuditCutoff.SETTLED).findings())
        .extracting(Finding::what)
        .singleElement()
        .asString()
        .contains("the row says otherwise");
    assertThat(audit(cutoff(1, 0)).findings()).as("the end is on its way").isEmpty();
    evidence.gaps = List.of(closed);
    assertThat(audit(cutoff(1, 0)).findings()).as("or was written meanwhile").isEmpty();
    evidence.gaps = List.of();
    assertThat(audit(cutoff(1, 0)).findings())
        .extracting(Finding::kind)
        .containsExactly(FindingKind.WRONG_GAP);
    assertThat(audit(cutoff(0, 0)).findings()).as("both are on their way").isEmpty();
    evidence.gapRecords = Optional.of(new GapRecords(Long.MIN_VALUE, List.of()));
    evidence.gaps = List.of(closed);
    assertThat(audit(AuditCutoff.SETTLED).findings())
        .extracting(Finding::what)
        .singleElement()
        .asString()
        .contains("a row without a record");
  }

  /** A gap that a kill left open ends with the next closed gap, not at the end of each day. */
  @Test
  void aGapThatAKillLeftOpenCountsUntilTheNextClosedGap() {
    evidence.rows = rows(0, 9);
    evidence.gaps =
        List.of(
            new Gap("AAPL", "CONNECTION_LOST", received(20), null, SESSION, null, 10, null),
            new Gap("AAPL", "TASK_RESTART", received(100), received(200), SESSION, null, 10, null));
    Span day = new Span(SESSION, SESSION + 1_000);

    AuditReport report =
        new Audit(AuditRules.always(day, List.of(), 1), AuditCutoff.SETTLED).of(evidence);
    assertThat(report.gaps().millis()).isEqualTo(180);
  }

  /** The gap closes while the audit runs, so the audit does not read its closed record. */
  @Test
  void aGapRowWrittenAfterTheRecordsIsNotJudged() {
    evidence.rows = rows(0, 9);
    Gap open = new Gap("AAPL", "CONNECTION_LOST", 50_000, null, SESSION, null, 10, null);
    Gap closed = new Gap("AAPL", "CONNECTION_LOST", 50_000, 60_000L, SESSION, 60_000L, 10, null);
    evidence.gapRecords = Optional.of(new GapRecords(Long.MIN_VALUE, List.of(at(0, open))));
    evidence.gaps = List.of(closed); // written at its start

    assertThat(audit(new AuditCutoff(upTo(1), upTo(1), 50_000, Long.MAX_VALUE)).findings())
        .isEmpty();
    assertThat(audit(new AuditCutoff(upTo(1), upTo(1), 50_001, Long.MAX_VALUE)).findings())
        .extracting(Finding::kind)
        .containsExactly(FindingKind.WRONG_GAP);
  }

  @Test
  void aRejectFromBeforeARebuildIsIgnored() {
    evidence.topic = Optional.of(records(0, 9));
    evidence.rows = rows(0, 9);
    TickId id = new TickId(SESSION, 5);
    evidence.rejects =
        new Rejects(
            List.of(
                new Reject(
                    "AAPL",
                    id,
                    received(5),
                    new RecordPosition("market_data", 0, 5),
                    "IMPLAUSIBLE_TIME",
                    "under the options of before",
                    false)));

    assertThat(audit(AuditCutoff.SETTLED).findings()).isEmpty();
    evidence.rows = rows(0, 9).stream().filter(row -> !row.id().equals(id)).toList();
    assertThat(audit(AuditCutoff.SETTLED).findings())
        .extracting(Finding::kind)
        .containsExactly(FindingKind.UNJUSTIFIED_REJECT);
  }

  private static GapRecords.GapRecord at(long offset, Gap gap) {
    return new GapRecords.GapRecord(new RecordPosition("market_data_gaps", 0, offset), gap);
  }

  /** Omits findings about candles and the newest tick. */
  private AuditReport audit(AuditCutoff cutoff) {
    AuditReport report = new Audit(AuditRules.always(Span.ALL, List.of(), 1), cutoff).of(evidence);
    return new AuditReport(
        report.symbols(),
        report.counts(),
        report.findings().stream()
            .filter(finding -> finding.kind() != FindingKind.WRONG_CANDLE)
            .filter(finding -> finding.kind() != FindingKind.WRONG_LATEST)
            .toList());
  }

  /**
   * @param reached the first offset that the job had not reached
   * @param writtenAt write time of the rows that it had not reached
   */
  private static AuditCutoff cutoff(long reached, long writtenAt) {
    JobProgress written =
        new JobProgress() {
          private static final long serialVersionUID = 1L;

          @Override
          public boolean covers(RecordPosition position) {
            return position.offset() < reached;
          }

          @Override
          public boolean coversRowsWrittenAt(long time) {
            return time < writtenAt;
          }
        };
    return new AuditCutoff(written, JobProgress.EVERYTHING, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  private static JobProgress upTo(long offset) {
    return cutoff(offset, 0).written();
  }

  private static long received(long number) {
    return SESSION + number;
  }

  private static List<TickRow> rows(int first, int last) {
    List<TickRow> rows = new ArrayList<>();
    for (int number = first; number <= last; number++) {
      rows.add(row(number));
    }
    return rows;
  }

  private static TickRow row(int number) {
    return ListedEvidence.row(tick(number));
  }

  private static List<TopicTick> records(int first, int last) {
    List<TopicTick> records = new ArrayList<>();
    for (int number = first; number <= last; number++) {
      records.add(new TopicTick(new RecordPosition("market_data", 0, number), tick(number)));
    }
    return records;
  }

  private static Tick tick(int number) {
    long time = number >= 3_700 ? SESSION + 1_000_000 + number : received(number);
    return new Tick(
        new TickId(SESSION, number), time, time, "price", BigDecimal.TEN, null, List.of());
  }
}
