package io.marketstream.auditor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.AuditCutoff;
import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.Finding;
import io.marketstream.auditor.report.FindingKind;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A generated symbol without any fault, and the helpers with which tests plant faults. */
abstract class SymbolFixture {
  static final long SEED = Long.getLong("marketstream.seed", 20261123L);

  final GeneratedSymbol symbol = new GeneratedSymbol(SEED);

  final int middle = symbol.middle();

  List<ListedEvidence> everyWay() {
    return List.of(symbol.whole(), symbol.topicAndTables(), symbol.tables());
  }

  void loseLast(int count, long session) {
    for (int i = 0; i < count; i++) {
      symbol.lose(
          IntStream.range(0, symbol.rows.size())
              .filter(index -> symbol.rows.get(index).id().session() == session)
              .max()
              .orElseThrow());
    }
  }

  void alterMiddle(BigDecimal price, BigDecimal volume, List<String> conditions) {
    symbol.changeRow(
        middle,
        tick ->
            new Tick(
                tick.id(),
                tick.eventTime(),
                tick.receivedAt(),
                tick.kind(),
                price,
                volume,
                conditions));
  }

  static Gap overflow(Tick lost, long firstMissing, long dropped) {
    long session = lost.id().session();
    return new Gap(
        GeneratedSymbol.KEY.symbol(),
        "OVERFLOW",
        lost.receivedAt(),
        lost.receivedAt(),
        session,
        session,
        firstMissing,
        dropped);
  }

  static AuditReport audit(SymbolEvidence evidence) {
    return new Audit(GeneratedSymbol.RULES, AuditCutoff.SETTLED).of(evidence);
  }

  static AuditReport auditWithoutIntervals(SymbolEvidence evidence, Span span) {
    return new Audit(AuditRules.always(span, List.of(), 120_000), AuditCutoff.SETTLED).of(evidence);
  }

  static Finding only(AuditReport report, FindingKind kind) {
    assertThat(report.findings(kind)).as("of %s", report.findings()).hasSize(1);
    return Stream.of(report.findings(kind)).flatMap(List::stream).findFirst().orElseThrow();
  }
}
