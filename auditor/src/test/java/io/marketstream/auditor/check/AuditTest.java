package io.marketstream.auditor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.AuditCutoff;
import io.marketstream.auditor.evidence.Candle;
import io.marketstream.auditor.evidence.Gap;
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
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each thing that can go wrong is planted into what is otherwise right, and is found. */
class AuditTest {
  private static final long SEED = Long.getLong("marketstream.seed", 20261123L);

  private final GeneratedSymbol symbol = new GeneratedSymbol(SEED);
  private final int middle = symbol.middle();

  @BeforeAll
  static void printTheSeed() {
    System.out.println("AuditTest: seed " + SEED);
  }

  static LongStream seeds() {
    return LongStream.range(SEED, SEED + 30);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsAllRightHasNoFinding(long seed) {
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
  void aRowThatIsLostIsFoundWithItsWholeWay() {
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
  void theFirstNumbersOfASessionAreNotInsideTheGapThatItEnded() {
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
  void theLastNumbersOfASessionAreNotInsideTheGapThatFollows() {
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
  void aSessionOfWhichNothingArrivedIsNotInsideTheGapThatFollows() {
    loseLast(120, symbol.gaps.get(1).sessionBefore());

    for (SymbolEvidence evidence : everyWay()) {
      assertThat(audit(evidence).counts().unexplained()).isEqualTo(120);
    }
  }

  @Test
  void whatAnOverflowDroppedAtASessionsEndIsExplained() {
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
  void theLastNumbersOfASessionAreInsideAGapThatBeginsBelowThem() {
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

  /** They may be on their way: only the topic knows, or a later session. */
  @Test
  void theLastNumbersOfTheNewestSessionAreExpectedWhereTheTopicIsAtHand() {
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
  void aGapThatBeginsAboveTheLostEndOfASessionIsAFinding() {
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
    assertThat(audit(symbol.whole()).isClean()).as("all that was sent is there").isTrue();
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
  void aGapThatIsOpenExplainsNothingOfLaterSessionsThatBroughtTicks() {
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
          .as("that numbers were lost at its end only the record tells")
          .isEqualTo(1);
    }
    AuditReport withRecord = audit(symbol.whole());
    assertThat(withRecord.counts().unexplained()).isEqualTo(6);
    assertThat(withRecord.counts().inGaps()).as("of its own session").isEqualTo(3);
  }

  @Test
  void aGapThatIsOpenExplainsSessionsOfWhichNothingArrived() {
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
  void aRejectOfAnotherSymbolWithTheSameNumberExplainsNothing() {
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
  void anAlteredPriceIsFoundAlsoWhereOnlyItsScaleIsAnother() {
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
  void aTickThatTheTopicAlreadyHasOtherwiseThanItWasSentIsFound() {
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
  void aRowThatNobodySentIsFound() {
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
        .as("what came before has expired")
        .isEmpty();
  }

  @Test
  void aSymbolWhoseRowsAreAllGoneIsFoundByWhatTheOtherTablesHold() {
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
  void aSymbolOfWhichTheSpanHoldsNothingIsNotCounted() {
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

  private List<ListedEvidence> everyWay() {
    return List.of(symbol.whole(), symbol.topicAndTables(), symbol.tables());
  }

  private void loseLast(int count, long session) {
    for (int i = 0; i < count; i++) {
      symbol.lose(
          IntStream.range(0, symbol.rows.size())
              .filter(index -> symbol.rows.get(index).id().session() == session)
              .max()
              .orElseThrow());
    }
  }

  private void alterMiddle(BigDecimal price, BigDecimal volume, List<String> conditions) {
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

  private static Gap overflow(Tick lost, long firstMissing, long dropped) {
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

  private static AuditReport audit(SymbolEvidence evidence) {
    return new Audit(GeneratedSymbol.RULES, AuditCutoff.SETTLED).of(evidence);
  }

  private static AuditReport auditWithoutIntervals(SymbolEvidence evidence, Span span) {
    return new Audit(AuditRules.always(span, List.of(), 120_000), AuditCutoff.SETTLED).of(evidence);
  }

  private static Finding only(AuditReport report, FindingKind kind) {
    assertThat(report.findings(kind)).as("of %s", report.findings()).hasSize(1);
    return Stream.of(report.findings(kind)).flatMap(List::stream).findFirst().orElseThrow();
  }
}
