package io.marketstream.auditor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.AuditCutoff;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.Reject;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.TopicTick;
import io.marketstream.auditor.report.AuditCounts;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.Finding;
import io.marketstream.auditor.report.FindingKind;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A symbol without faults has no finding; lost ticks are found, and rejects explain them. */
class AuditTest extends SymbolFixture {
  @BeforeAll
  static void printTheSeed() {
    System.out.println("AuditTest: seed " + SEED);
  }

  static LongStream seeds() {
    return LongStream.range(SEED, SEED + 30);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aSymbolWithoutFaultsHasNoFinding(long seed) {
    GeneratedSymbol clean = new GeneratedSymbol(seed);

    for (SymbolEvidence evidence : List.of(clean.whole(), clean.topicAndTables(), clean.tables())) {
      AuditReport report = audit(evidence);
      assertThat(report.findings()).as("seed %d", seed).isEmpty();
      assertThat(report.counts().unexplained()).isZero();
      assertThat(report.counts().stored()).isEqualTo(clean.rows.size());
    }
    AuditCounts counts = audit(clean.whole()).counts();
    assertThat(counts.delivered()).isEqualTo(clean.delivered.size());
    assertThat(counts.inGaps()).isEqualTo(3);
    assertThat(counts.candlesChecked()).isEqualTo(clean.candles.size());
    assertThat(audit(clean.tables()).counts().candlesChecked())
        .as("without the topic")
        .isPositive();
  }

  @Test
  void aLostRowIsFoundWithItsTrace() {
    Tick lost = symbol.loseRow(middle);

    for (SymbolEvidence evidence : List.of(symbol.whole(), symbol.topicAndTables())) {
      AuditReport report = audit(evidence);
      Finding finding = only(report, FindingKind.UNEXPLAINED);
      assertThat(report.counts().unexplained()).isEqualTo(1);
      assertThat(finding.what()).contains("number " + lost.id().sequence() + " of session");
      assertThat(finding.trace())
          .anyMatch(line -> line.startsWith("topic: market_data partition 0 offset "))
          .anyMatch(line -> line.equals("table: not there"))
          .anyMatch(line -> line.startsWith("gap considered: CONNECTION_LOST"))
          .anyMatch(line -> line.startsWith("rejects considered"));
    }
    assertThat(only(audit(symbol.whole()), FindingKind.UNEXPLAINED).trace().get(0))
        .startsWith("socket: sent with price ")
        .contains("connection 2");
    assertThat(only(audit(symbol.tables()), FindingKind.UNEXPLAINED).trace())
        .anyMatch(line -> line.equals("rejects were not read: add --bootstrap-servers"));
  }

  @Test
  void aTickThatNeverReachedTheTopicIsFound() {
    symbol.lose(middle);

    for (SymbolEvidence evidence : List.of(symbol.whole(), symbol.topicAndTables())) {
      assertThat(only(audit(evidence), FindingKind.UNEXPLAINED).trace())
          .contains("topic: not there", "table: not there");
    }
  }

  @Test
  void manyMissingNumbersInARowAreOneHole() {
    for (int i = 0; i < 5; i++) {
      symbol.lose(middle);
    }

    Finding hole = only(audit(symbol.topicAndTables()), FindingKind.UNEXPLAINED);
    assertThat(hole.count()).isEqualTo(5);
    assertThat(audit(symbol.whole()).count(FindingKind.UNEXPLAINED)).isEqualTo(5);
  }

  @Test
  void aRejectedTickIsAccountedFor() {
    Tick rejected = symbol.loseRow(middle);
    RecordPosition position =
        symbol.topic.stream()
            .filter(copy -> copy.tick().id().equals(rejected.id()))
            .map(TopicTick::position)
            .findFirst()
            .orElseThrow();
    symbol.rejects.add(
        new Reject(
            symbol.whole().key().symbol(),
            rejected.id(),
            rejected.eventTime(),
            position,
            "EVENT_TIME",
            "ahead of its time",
            true));
    symbol.remakeCandles();

    for (SymbolEvidence evidence : List.of(symbol.whole(), symbol.topicAndTables())) {
      AuditReport report = audit(evidence);
      assertThat(report.findings()).isEmpty();
      assertThat(report.counts().rejected()).isEqualTo(1);
    }
    symbol.rejects.set(
        0, new Reject(null, null, null, position, "EVENT_TIME", "names no tick", true));
    assertThat(audit(symbol.whole()).counts().rejected()).as("by its place").isEqualTo(1);
  }

  @Test
  void aRejectOfAnotherSymbolExplainsNothing() {
    TickId id = symbol.rows.get(middle).id();
    RecordPosition elsewhere = new RecordPosition("market_data", 99, 7);
    symbol.rejects.add(
        new Reject("ANOTHER", id, 1L, elsewhere, "EVENT_TIME", "ahead of its time", true));

    for (SymbolEvidence evidence : List.of(symbol.whole(), symbol.topicAndTables())) {
      assertThat(audit(evidence).findings()).isEmpty();
    }
    symbol.lose(middle);
    for (SymbolEvidence evidence : List.of(symbol.whole(), symbol.topicAndTables())) {
      assertThat(audit(evidence).counts().unexplained()).isEqualTo(1);
      assertThat(audit(evidence).counts().rejected()).isZero();
    }
  }

  @Test
  void outsideTheSpanNothingIsFound() {
    symbol.loseRow(middle);
    long since = symbol.rows.get(symbol.rows.size() - 20).receivedAt();
    AuditRules later =
        AuditRules.always(new Span(since, Long.MAX_VALUE), GeneratedSymbol.INTERVALS, 120_000);

    AuditReport report = new Audit(later, AuditCutoff.SETTLED).of(symbol.tables());
    assertThat(report.findings()).isEmpty();
    assertThat(report.counts().stored()).isPositive().isLessThan(30);

    symbol.rows.removeIf(row -> row.receivedAt() < since);
    symbol.gaps.clear();
    assertThat(new Audit(later, AuditCutoff.SETTLED).of(symbol.tables()).findings())
        .as("earlier rows have expired")
        .isEmpty();
  }

  @Test
  void aSymbolWithoutRowsIsFoundByTheOtherTables() {
    symbol.rows.clear();

    AuditReport report = audit(symbol.tables());
    assertThat(report.symbols()).isEqualTo(1);
    assertThat(only(report, FindingKind.UNEXPLAINED).what())
        .as("of the first session, for a gap follows the second as well")
        .startsWith("numbers 0 to 116 of session " + symbol.gaps.get(0).sessionBefore());
    assertThat(report.count(FindingKind.WRONG_CANDLE)).isEqualTo(symbol.candles.size());
    assertThat(only(report, FindingKind.WRONG_LATEST).what())
        .contains("newest is tick " + symbol.latest.id(), "no such tick");
  }

  @Test
  void aSymbolWithoutDataInTheSpanIsNotCounted() {
    long end = symbol.rows.get(symbol.rows.size() - 1).receivedAt();
    Audit later =
        new Audit(
            AuditRules.always(
                new Span(end + 60_000, Long.MAX_VALUE), GeneratedSymbol.INTERVALS, 120_000),
            AuditCutoff.SETTLED);

    for (SymbolEvidence evidence : everyWay()) {
      assertThat(audit(evidence).symbols()).isEqualTo(1);
    }
    assertThat(later.of(symbol.topicAndTables()).symbols()).isZero();
    assertThat(later.of(symbol.tables()).symbols()).isZero();
  }
}
