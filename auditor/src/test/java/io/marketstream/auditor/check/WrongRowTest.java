package io.marketstream.auditor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.TopicTick;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.FindingKind;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows that are duplicated, altered or invented are found. */
class WrongRowTest extends SymbolFixture {
  @Test
  void aSecondRowOfATickIsFound() {
    Tick tick = symbol.rows.get(middle);
    symbol.rows.add(
        new Tick(
            tick.id(),
            tick.eventTime() - 7,
            tick.receivedAt(),
            tick.kind(),
            tick.price(),
            tick.volume(),
            tick.conditions()));

    for (SymbolEvidence evidence : everyWay()) {
      AuditReport report = audit(evidence);
      assertThat(only(report, FindingKind.DUPLICATE).what())
          .contains(tick.id().toString(), "2 rows");
      assertThat(report.counts().stored()).as("once").isEqualTo(symbol.rows.size() - 1);
    }
  }

  @Test
  void anAlteredPriceOrScaleIsFound() {
    BigDecimal price = symbol.rows.get(middle).price();
    for (BigDecimal altered : List.of(price.add(BigDecimal.ONE), price.setScale(5))) {
      alterMiddle(altered, symbol.rows.get(middle).volume(), symbol.rows.get(middle).conditions());
      for (SymbolEvidence evidence : List.of(symbol.whole(), symbol.topicAndTables())) {
        assertThat(only(audit(evidence), FindingKind.WRONG_VALUE).what())
            .contains("price is " + altered + ", not " + price);
      }
    }
  }

  @Test
  void anAlteredVolumeIsFound() {
    Tick tick = symbol.rows.get(middle);
    alterMiddle(tick.price(), new BigDecimal("1234"), tick.conditions());

    for (SymbolEvidence evidence : List.of(symbol.whole(), symbol.topicAndTables())) {
      assertThat(only(audit(evidence), FindingKind.WRONG_VALUE).what()).contains("volume is 1234");
    }
  }

  @Test
  void alteredConditionsAreFound() {
    Tick tick = symbol.rows.get(middle);
    alterMiddle(tick.price(), tick.volume(), List.of("1", "36"));

    for (SymbolEvidence evidence : List.of(symbol.whole(), symbol.topicAndTables())) {
      assertThat(only(audit(evidence), FindingKind.WRONG_VALUE).what())
          .contains("conditions is [1, 36]");
    }
  }

  @Test
  void anAlteredTradeIdSideOrOriginIsFound() {
    Tick tick = symbol.rows.get(middle);
    Tick altered =
        new Tick(
            tick.id(),
            tick.eventTime(),
            tick.receivedAt(),
            tick.kind(),
            tick.price(),
            tick.volume(),
            tick.conditions(),
            "5",
            "sell",
            "live");
    symbol.rows.set(middle, altered);

    assertThat(only(audit(symbol.topicAndTables()), FindingKind.WRONG_VALUE).what())
        .contains("trade_id is 5, not null", "side is sell, not null", "origin is live, not null");
  }

  @Test
  void aTickAlteredBeforeTheTopicIsFound() {
    Tick tick = symbol.rows.get(middle);
    Tick altered =
        new Tick(
            tick.id(),
            tick.eventTime(),
            tick.receivedAt(),
            tick.kind(),
            new BigDecimal("1"),
            tick.volume(),
            tick.conditions());
    symbol.rows.set(middle, altered);
    symbol.topic.replaceAll(
        copy ->
            copy.tick().id().equals(tick.id()) ? new TopicTick(copy.position(), altered) : copy);

    assertThat(only(audit(symbol.whole()), FindingKind.WRONG_VALUE).what()).contains("price is 1,");
  }

  @Test
  void anInventedRowIsFound() {
    Tick last = symbol.rows.get(symbol.rows.size() - 1);
    symbol.rows.add(
        new Tick(
            new TickId(last.id().session(), last.id().sequence() + 1),
            last.eventTime() - 1,
            last.receivedAt(),
            "trade",
            last.price(),
            BigDecimal.ONE,
            List.of()));

    for (SymbolEvidence evidence : List.of(symbol.whole(), symbol.topicAndTables())) {
      assertThat(only(audit(evidence), FindingKind.NEVER_SENT).count()).isEqualTo(1);
    }
  }
}
