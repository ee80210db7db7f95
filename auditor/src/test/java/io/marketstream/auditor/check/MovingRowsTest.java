package io.marketstream.auditor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.AuditCutoff;
import io.marketstream.auditor.evidence.Candle;
import io.marketstream.auditor.evidence.CandleId;
import io.marketstream.auditor.evidence.ChangingRows;
import io.marketstream.auditor.evidence.ComputedInterval;
import io.marketstream.auditor.evidence.JobProgress;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.TickRow;
import io.marketstream.auditor.evidence.TopicTick;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.Finding;
import io.marketstream.auditor.report.FindingKind;
import io.marketstream.model.CandleInterval;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Rows that change while ticks arrive are judged as of one moment. They must contain every tick
 * that the job had certainly read. They may contain ticks that were on their way.
 */
class MovingRowsTest {
  private static final SymbolKey KEY = new SymbolKey("finnhub", "AAPL");
  private static final CandleInterval MINUTE = CandleInterval.parse("1m");
  private static final CandleInterval DAY = CandleInterval.parse("1d");
  private static final long LATENESS = 120_000;
  private static final long SESSION = 1_000;

  private final List<Tick> ticks = new ArrayList<>();

  @Test
  void anOpenCandleMayHoldWhatIsOnItsWay() {
    ticks(0, 1, 2, 3, 4);

    for (int had = 3; had <= 5; had++) {
      assertThat(audit(evidence(had, had), 3)).as("the job had %d ticks", had).isEmpty();
    }
  }

  @Test
  void anOpenCandleThatLacksATickOfBeforeIsFound() {
    ticks(0, 1, 2, 3, 4);

    assertThat(audit(evidence(2, 3), 3))
        .hasSize(2)
        .allMatch(finding -> finding.kind() == FindingKind.WRONG_CANDLE)
        .allMatch(finding -> finding.what().contains("volume is 2, not 5"));
  }

  /** Two audits of a 1d candle agree while ticks arrive. */
  @Test
  void anOpenCandleThatLacksVolumeIsFound() {
    ticks(0, 1, 2, 3);
    assertThat(audit(evidence(1, 3), 3)).extracting(Finding::object).contains(day());
    ticks(4, 5, 6);
    assertThat(audit(evidence(2, 6), 6)).extracting(Finding::object).contains(day());
  }

  private static String day() {
    return new CandleId(DAY, 0).toString();
  }

  @Test
  void aCandleThatOpenedMeanwhileNeedsNoRowYet() {
    ticks(0, 1, 60, 61);

    assertThat(audit(evidence(2, 2), 2)).isEmpty();
    assertThat(audit(evidence(3, 3), 2)).isEmpty();
    assertThat(audit(evidence(2, 3), 3))
        .as("the job had certainly read its first tick")
        .extracting(Finding::object)
        .contains(new CandleId(MINUTE, 60_000).toString());
  }

  @Test
  void aCandleThatClosedMeanwhileMayBeOpenOrClosed() {
    ticks(0, 1, 2, 200, 3, 201);

    for (int had = 2; had <= 6; had++) {
      assertThat(audit(evidence(had, had), 2)).as("the job had %d ticks", had).isEmpty();
    }
  }

  /** A candle that was closed at both moments has only one possible result. */
  @Test
  void aCandleThatClosedBeforeIsComparedOnce() {
    ticks(0, 1, 2, 200, 201);

    assertThat(audit(evidence(5, 5), 5)).isEmpty();
    assertThat(audit(evidence(5, 5), 4)).isEmpty();
  }

  @Test
  void aFrozenNewestTickIsFoundWhileTicksArrive() {
    ticks(0, 1, 2, 3, 4);
    assertThat(audit(evidence(4, 2), 4))
        .singleElement()
        .extracting(Finding::kind, Finding::object)
        .containsExactly(FindingKind.WRONG_LATEST, "latest_ticks");
    ticks(5, 6, 7);
    assertThat(audit(evidence(7, 2), 7))
        .singleElement()
        .extracting(Finding::kind, Finding::object)
        .containsExactly(FindingKind.WRONG_LATEST, "latest_ticks");
  }

  @Test
  void anAlteredNewestTickIsFoundThoughItIsOnItsWay() {
    ticks(0, 1, 2, 3);
    ListedEvidence evidence = evidence(4, 4);
    Tick last = ticks.get(3);
    evidence.openRows = with(evidence.openRows, withPrice(last, "7"));

    assertThat(audit(evidence, 3)).extracting(Finding::kind).containsOnly(FindingKind.WRONG_LATEST);
  }

  /**
   * Rows of one batch are written in any order. So a later row shows that the job had the earlier
   * ticks.
   */
  @Test
  void ticksBeforeACertainTickAreCertain() {
    ticks(0, 1, 2, 3);
    ListedEvidence evidence = evidence(2, 3);
    evidence.rows = new ArrayList<>(evidence.rows);
    evidence.rows.set(1, new TickRow(ticks.get(1), 0, 99_000)); // a repetition, written again

    assertThat(audit(evidence, 3))
        .isNotEmpty()
        .allMatch(finding -> finding.kind() == FindingKind.WRONG_CANDLE);
  }

  @Test
  void rowsThatMayHoldUnknownTicksAreNotJudged() {
    ticks(0, 1, 2);
    ListedEvidence evidence = evidence(2, 2);
    ticks(3);
    ChangingRows newer = evidence(4, 4).openRows;
    AuditCutoff cutoff =
        new AuditCutoff(JobProgress.EVERYTHING, upTo(2), Long.MAX_VALUE, Long.MAX_VALUE);

    for (boolean areComparable : List.of(true, false)) {
      evidence.openRows =
          ChangingRows.of(newer.latest(), newer.openFrom(), newer.candles(), areComparable);
      assertThat(new Audit(rules(MINUTE, DAY), cutoff).of(evidence).isClean())
          .isEqualTo(!areComparable);
    }
  }

  @Test
  void aTickAfterTheCloseIsNotPartOfTheCandle() {
    ticks(10, 60 + 120, 20);
    ListedEvidence evidence = settled();

    for (boolean isTopicKnown : List.of(true, false)) {
      evidence.topic = isTopicKnown ? Optional.of(inTopic()) : Optional.empty();
      AuditReport report = new Audit(rules(MINUTE), AuditCutoff.SETTLED).of(evidence);
      assertThat(report.findings()).isEmpty();
      assertThat(report.counts().candlesChecked()).isEqualTo(2);
    }
  }

  @Test
  void candlesWithLateTicksNeedTheTopic() {
    ticks(10, 60 + 120, 20);
    ListedEvidence evidence = settled();
    List<Candle> kept = new ArrayList<>(evidence.candles);
    kept.set(0, candle(new CandleId(MINUTE, 0), List.of(ticks.get(0), ticks.get(2))));
    evidence.candles = kept;

    AuditReport report = new Audit(rules(MINUTE), AuditCutoff.SETTLED).of(evidence);
    assertThat(report.findings()).as("its order may have been another one").isEmpty();
    assertThat(report.counts().candlesNotChecked()).isEqualTo(1);
    evidence.topic = Optional.of(inTopic());
    assertThat(new Audit(rules(MINUTE), AuditCutoff.SETTLED).of(evidence).findings())
        .as("in the order of the topic")
        .hasSize(1);
  }

  /** Partitions were added, so the order in which the job read the ticks is unknown. */
  @Test
  void candlesOfASymbolInTwoPartitionsAreNotChecked() {
    ticks(0, 1, 60, 61, 400);
    ListedEvidence evidence = settled();
    List<TopicTick> records = new ArrayList<>(inTopic().subList(3, 5));
    for (TopicTick record : inTopic().subList(0, 3)) {
      RecordPosition moved = new RecordPosition("market_data", 1, record.position().offset());
      records.add(new TopicTick(moved, record.tick()));
    }
    evidence.topic = Optional.of(records);

    AuditReport report = new Audit(rules(MINUTE), AuditCutoff.SETTLED).of(evidence);
    assertThat(report.findings()).isEmpty();
    assertThat(report.counts().candlesChecked()).isZero();
    assertThat(report.counts().candlesNotChecked()).isPositive();
    evidence.rows = evidence.rows.subList(0, 4);
    assertThat(new Audit(rules(MINUTE), AuditCutoff.SETTLED).of(evidence).findings())
        .as("its ticks are")
        .extracting(Finding::kind)
        .containsExactly(FindingKind.UNEXPLAINED);
  }

  @Test
  void candlesThatNoJobKeptAreNotChecked() {
    ticks(0, 1, 60, 61, 120, 121, 400);
    ListedEvidence evidence = settled();
    evidence.candles =
        evidence.candles.stream().filter(candle -> candle.openTime() == 60_000).toList();
    ComputedInterval kept = new ComputedInterval(MINUTE, LATENESS, 60_000, 120_000);

    AuditReport report =
        new Audit(new AuditRules(Span.ALL, List.of(kept), Long.MIN_VALUE), AuditCutoff.SETTLED)
            .of(evidence);
    assertThat(report.findings()).isEmpty();
    assertThat(report.counts().candlesChecked()).isEqualTo(1);
    assertThat(new Audit(rules(MINUTE), AuditCutoff.SETTLED).of(evidence).findings()).hasSize(3);
  }

  /** A candle that began before the span and ends in it. */
  @Test
  void aLongCandleIsAuditedWhenItsTicksAreRead() {
    ticks(0, 1, 3_000);
    ListedEvidence evidence = settled();
    Span lastSeconds = new Span(2_990_000, Long.MAX_VALUE);
    evidence.candles = List.of();

    assertThat(audit(evidence, new AuditRules(lastSeconds, List.of(always(DAY)), 0)))
        .extracting(Finding::object)
        .containsExactly(day());
    assertThat(audit(evidence, new AuditRules(lastSeconds, List.of(always(DAY)), 2_990_000)))
        .isEmpty();
  }

  private static List<Finding> audit(ListedEvidence evidence, AuditRules rules) {
    return new Audit(rules, AuditCutoff.SETTLED).of(evidence).findings();
  }

  private void ticks(int... seconds) {
    for (int second : seconds) {
      ticks.add(
          new Tick(
              new TickId(SESSION, ticks.size()),
              second * 1_000L,
              10_000 + ticks.size(),
              "trade",
              new BigDecimal("100." + ticks.size()),
              BigDecimal.ONE,
              List.of("1")));
    }
  }

  private static Tick withPrice(Tick tick, String price) {
    return new Tick(
        tick.id(),
        tick.eventTime(),
        tick.receivedAt(),
        tick.kind(),
        new BigDecimal(price),
        tick.volume(),
        tick.conditions());
  }

  /** Nothing changes any more. */
  private ListedEvidence settled() {
    ListedEvidence evidence = evidence(ticks.size(), ticks.size());
    evidence.candles = evidence.openRows.candles().get("1m").values().stream().toList();
    evidence.openRows = ChangingRows.settled(evidence.openRows.latest());
    return evidence;
  }

  /**
   * All rows of {@code ticks} are there. Candles and {@code latest_ticks} contain the first ticks.
   */
  private ListedEvidence evidence(int inCandles, int inLatest) {
    ListedEvidence evidence = new ListedEvidence(KEY);
    evidence.rows = ticks.stream().map(ListedEvidence::row).toList();
    Map<String, Map<Long, Candle>> candles = new TreeMap<>();
    for (CandleInterval interval : List.of(MINUTE, DAY)) {
      Map<Long, Candle> rows = new TreeMap<>();
      CandleTicks.of(ticks.subList(0, inCandles), List.of(interval), LATENESS)
          .ofCandle()
          .forEach((id, made) -> rows.put(id.openTime(), candle(id, made)));
      candles.put(interval.name(), rows);
    }
    evidence.openRows =
        ChangingRows.of(
            ticks.subList(0, inLatest).stream().max(Tick.BY_TIME).map(Tick::asLatest),
            Map.of("1m", Long.MIN_VALUE, "1d", Long.MIN_VALUE),
            candles,
            true);
    return evidence;
  }

  private static ChangingRows with(ChangingRows rows, Tick latest) {
    return ChangingRows.of(Optional.of(latest), rows.openFrom(), rows.candles(), true);
  }

  private static Candle candle(CandleId id, List<Tick> made) {
    return new CandleRecomputation().candle(id, made);
  }

  private List<TopicTick> inTopic() {
    return ticks.stream()
        .map(
            tick -> new TopicTick(new RecordPosition("market_data", 0, tick.id().sequence()), tick))
        .toList();
  }

  private static ComputedInterval always(CandleInterval interval) {
    return ComputedInterval.always(interval, LATENESS);
  }

  private static AuditRules rules(CandleInterval... intervals) {
    return AuditRules.always(Span.ALL, List.of(intervals), LATENESS);
  }

  /**
   * Audits with the topic and without it, and requires the same findings.
   *
   * @param folded how many ticks the job had certainly read
   */
  private List<Finding> audit(ListedEvidence evidence, int folded) {
    AuditCutoff cutoff =
        new AuditCutoff(JobProgress.EVERYTHING, upTo(folded), Long.MAX_VALUE, Long.MAX_VALUE);
    List<Finding> byTables = new Audit(rules(MINUTE, DAY), cutoff).of(evidence).findings();
    evidence.topic = Optional.of(inTopic());
    assertThat(new Audit(rules(MINUTE, DAY), cutoff).of(evidence).findings())
        .as("with the topic")
        .extracting(Finding::object, Finding::what)
        .containsExactlyInAnyOrderElementsOf(
            byTables.stream()
                .map(each -> org.assertj.core.groups.Tuple.tuple(each.object(), each.what()))
                .toList());
    return byTables;
  }

  private static JobProgress upTo(int ticks) {
    return new JobProgress() {
      private static final long serialVersionUID = 1L;

      @Override
      public boolean covers(RecordPosition position) {
        return position.offset() < ticks;
      }

      @Override
      public boolean coversRowsWrittenAt(long writtenAt) {
        return writtenAt < 10_000 + ticks;
      }
    };
  }
}
