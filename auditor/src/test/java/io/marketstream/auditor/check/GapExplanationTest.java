package io.marketstream.auditor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.Finding;
import io.marketstream.auditor.report.FindingKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gaps explain the ticks that they cover, and no others. */
class GapExplanationTest extends SymbolFixture {
  @Test
  void theGapBeforeDoesNotExplainTheFirstNumbers() {
    long second = symbol.gaps.get(0).sessionAfter();
    int first =
        symbol.rows.indexOf(
            symbol.rows.stream().filter(row -> row.id().session() == second).findFirst().get());
    for (int i = 0; i < 5; i++) {
      symbol.lose(first);
    }

    for (SymbolEvidence evidence : everyWay()) {
      assertThat(audit(evidence).counts().unexplained()).isEqualTo(5);
    }
  }

  @Test
  void theNextGapDoesNotExplainLowerNumbers() {
    loseLast(5, symbol.gaps.get(1).sessionBefore());

    for (SymbolEvidence evidence : everyWay()) {
      AuditReport report = audit(evidence);
      assertThat(report.counts().unexplained()).isEqualTo(5);
      assertThat(report.findings(FindingKind.UNEXPLAINED))
          .allSatisfy(
              finding ->
                  assertThat(finding.trace()).anyMatch(line -> line.contains("TASK_RESTART")));
    }
    Finding ofTables = only(audit(symbol.tables()), FindingKind.UNEXPLAINED);
    assertThat(ofTables.what()).startsWith("numbers 115 to 119 of session");
    assertThat(ofTables.trace()).contains("the one after: a gap names the number 120");
  }

  @Test
  void theNextGapDoesNotExplainAWholeSession() {
    loseLast(120, symbol.gaps.get(1).sessionBefore());

    for (SymbolEvidence evidence : everyWay()) {
      assertThat(audit(evidence).counts().unexplained()).isEqualTo(120);
    }
  }

  @Test
  void anOverflowExplainsTheEndOfASession() {
    long session = symbol.gaps.get(1).sessionBefore();
    loseLast(5, session);
    symbol.gaps.add(
        new Gap(
            GeneratedSymbol.KEY.symbol(),
            "OVERFLOW",
            symbol.gaps.get(1).start(),
            symbol.gaps.get(1).start(),
            session,
            null,
            115,
            3L));

    for (SymbolEvidence evidence : everyWay()) {
      assertThat(audit(evidence).counts().unexplained()).isEqualTo(2);
    }
  }

  @Test
  void aGapExplainsHigherNumbersOfItsSession() {
    Gap restart = symbol.gaps.get(1);
    loseLast(5, restart.sessionBefore());
    symbol.gaps.add(
        new Gap(
            restart.symbol(),
            "CONNECTION_LOST",
            restart.start(),
            restart.end(),
            restart.sessionBefore(),
            restart.sessionAfter(),
            restart.firstMissing() - 5,
            null));

    for (SymbolEvidence evidence : everyWay()) {
      assertThat(audit(evidence).counts().unexplained()).isZero();
    }
    assertThat(audit(symbol.tables()).counts().inGaps()).isEqualTo(5);
  }

  /** Without the topic or a later session, the missing ticks may be on their way. */
  @Test
  void theTopicShowsTheEndOfTheNewestSession() {
    Tick last = symbol.rows.get(symbol.rows.size() - 1);
    symbol.gaps.add(
        new Gap(
            GeneratedSymbol.KEY.symbol(),
            "STALLED",
            last.receivedAt(),
            null,
            last.id().session(),
            null,
            last.id().sequence() + 6,
            null));

    assertThat(audit(symbol.topicAndTables()).counts().unexplained()).isEqualTo(5);
    assertThat(audit(symbol.tables()).counts().unexplained()).isZero();
  }

  @Test
  void aLossThatAGapExplainsIsNoFinding() {
    Tick lost = symbol.lose(middle);
    symbol.gaps.add(overflow(lost, lost.id().sequence(), 1));

    for (SymbolEvidence evidence : everyWay()) {
      AuditReport report = audit(evidence);
      assertThat(report.findings(FindingKind.UNEXPLAINED)).isEmpty();
      assertThat(report.counts().inGaps()).isPositive();
    }
  }

  @Test
  void anOverflowExplainsWhatItDroppedAndNoMore() {
    Tick first = symbol.lose(middle);
    symbol.lose(middle);
    symbol.gaps.add(overflow(first, first.id().sequence(), 1));

    for (SymbolEvidence evidence : everyWay()) {
      assertThat(audit(evidence).counts().unexplained()).isEqualTo(1);
    }
  }

  @Test
  void aGapThatDoesNotReachIsAFinding() {
    Tick lost = symbol.lose(middle);
    symbol.gaps.add(overflow(lost, lost.id().sequence() + 1, 1));

    for (SymbolEvidence evidence : everyWay()) {
      assertThat(only(audit(evidence), FindingKind.UNEXPLAINED).count()).isEqualTo(1);
    }
  }

  @Test
  void aGapDoesNotExplainLowerNumbers() {
    symbol.gaps.replaceAll(
        gap ->
            gap.cause().equals("CONNECTION_LOST")
                ? new Gap(
                    gap.symbol(),
                    gap.cause(),
                    gap.start(),
                    gap.end(),
                    gap.sessionBefore(),
                    gap.sessionAfter(),
                    gap.firstMissing() + 1,
                    null)
                : gap);

    AuditReport report = audit(symbol.whole());
    assertThat(only(report, FindingKind.UNEXPLAINED).count()).isEqualTo(1);
    assertThat(report.counts().inGaps()).isEqualTo(2);
  }

  @Test
  void aGapExplainsNothingThatTheTopicHolds() {
    Tick lost = symbol.loseRow(middle);
    symbol.gaps.add(overflow(lost, lost.id().sequence(), 1));

    assertThat(audit(symbol.whole()).counts().unexplained()).isEqualTo(1);
    assertThat(audit(symbol.topicAndTables()).counts().unexplained()).isEqualTo(1);
  }

  @Test
  void aNewSessionThatNoGapLeadsToIsFound() {
    symbol.gaps.removeIf(gap -> gap.cause().equals("TASK_RESTART"));

    assertThat(only(audit(symbol.tables()), FindingKind.SESSION_WITHOUT_GAP).what())
        .contains("follows session");
    assertThat(audit(symbol.whole()).isClean()).as("every sent tick is in the table").isTrue();
  }

  @Test
  void aGapOfEverySymbolExplainsByTime() {
    symbol.gaps.replaceAll(
        gap ->
            new Gap(
                "*",
                gap.cause(),
                gap.start(),
                gap.end(),
                gap.sessionBefore(),
                gap.sessionAfter(),
                0,
                null));
    Tick lost = symbol.lose(middle);

    for (SymbolEvidence evidence : everyWay()) {
      AuditReport report = audit(evidence);
      assertThat(report.findings(FindingKind.SESSION_WITHOUT_GAP)).isEmpty();
      assertThat(only(report, FindingKind.UNEXPLAINED).what())
          .as("far from the times of the gaps")
          .contains("number " + lost.id().sequence() + " ");
    }
  }

  @Test
  void anOpenGapDoesNotExplainLaterSessionsWithTicks() {
    Gap first = symbol.gaps.get(0);
    symbol.gaps.clear();
    symbol.gaps.add(
        new Gap(
            first.symbol(),
            first.cause(),
            first.start(),
            null,
            first.sessionBefore(),
            null,
            first.firstMissing(),
            null));
    symbol.lose(middle);
    loseLast(5, first.sessionAfter());

    for (SymbolEvidence evidence : List.of(symbol.topicAndTables(), symbol.tables())) {
      assertThat(audit(evidence).counts().unexplained())
          .as("only the record shows that numbers were lost at its end")
          .isEqualTo(1);
    }
    AuditReport withRecord = audit(symbol.whole());
    assertThat(withRecord.counts().unexplained()).isEqualTo(6);
    assertThat(withRecord.counts().inGaps()).as("of its own session").isEqualTo(3);
  }

  @Test
  void anOpenGapExplainsSessionsWithoutTicks() {
    Gap second = symbol.gaps.get(1);
    long last = second.sessionAfter();
    int ticks = (int) symbol.rows.stream().filter(row -> row.id().session() == last).count();
    loseLast(ticks, last);
    symbol.gaps.set(
        1,
        new Gap(
            second.symbol(),
            second.cause(),
            second.start(),
            null,
            second.sessionBefore(),
            null,
            second.firstMissing(),
            null));

    AuditReport report = audit(symbol.whole());
    assertThat(report.counts().unexplained()).isZero();
    assertThat(report.counts().inGaps()).isEqualTo(ticks + 3);
  }
}
