package io.marketstream.auditor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.Candle;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.report.FindingKind;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** Candles and latest ticks that are not the result of their ticks are found. */
class WrongCandleTest extends SymbolFixture {
  @Test
  void aWrongCandleIsFound() {
    Candle candle = symbol.candles.get(0);
    symbol.candles.set(
        0,
        new Candle(
            candle.interval(),
            candle.openTime(),
            candle.open(),
            candle.high(),
            candle.low(),
            candle.close(),
            candle.volume(),
            candle.vwap(),
            candle.trades() + 1,
            candle.kind()));

    assertThat(only(audit(symbol.whole()), FindingKind.WRONG_CANDLE).what())
        .contains("1m candle of", "trades is " + (candle.trades() + 1));
  }

  @Test
  void aCandleThatIsMissingOrHasNoTickIsFound() {
    Candle candle = symbol.candles.remove(0);
    assertThat(only(audit(symbol.whole()), FindingKind.WRONG_CANDLE).what())
        .contains("there is no row");

    symbol.candles.add(0, candle);
    symbol.candles.add(
        new Candle(
            "1m",
            GeneratedSymbol.START - 3_600_000,
            null,
            null,
            null,
            null,
            BigDecimal.ZERO,
            null,
            0,
            "trade"));
    assertThat(only(audit(symbol.whole()), FindingKind.WRONG_CANDLE).what()).contains("no tick");
  }

  @Test
  void anIntervalThatTheJobDoesNotKeepIsFound() {
    symbol.candles.removeIf(candle -> candle.interval().equals("5m"));

    for (SymbolEvidence evidence : everyWay()) {
      assertThat(audit(evidence).findings(FindingKind.WRONG_CANDLE))
          .isNotEmpty()
          .allSatisfy(
              finding -> assertThat(finding.what()).contains("5m candle of", "there is no row"));
    }
  }

  @Test
  void ticksWithoutACandleOfAnyIntervalAreFound() {
    symbol.candles.clear();
    long last = symbol.rows.get(symbol.rows.size() - 1).receivedAt();

    for (SymbolEvidence evidence : everyWay()) {
      assertThat(only(auditWithoutIntervals(evidence, Span.ALL), FindingKind.WRONG_CANDLE).what())
          .contains("no candle of any interval");
      assertThat(auditWithoutIntervals(evidence, new Span(last + 1, Long.MAX_VALUE)).findings())
          .as("no tick of the span")
          .isEmpty();
    }
  }

  @Test
  void aWrongNewestTickIsFound() {
    Tick newest = symbol.latest;
    symbol.latest = symbol.rows.get(middle).asLatest();
    for (SymbolEvidence evidence : everyWay()) {
      assertThat(only(audit(evidence), FindingKind.WRONG_LATEST).what())
          .contains("newest is tick " + newest.id() + ": the row is tick " + symbol.latest.id());
    }

    symbol.latest = null;
    assertThat(only(audit(symbol.tables()), FindingKind.WRONG_LATEST).what()).contains("no row");
  }
}
