package io.marketstream.auditor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.AuditCutoff;
import io.marketstream.auditor.evidence.ChangingRows;
import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.GapRecords;
import io.marketstream.auditor.evidence.JobProgress;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.TopicTick;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.Finding;
import io.marketstream.auditor.report.FindingKind;
import io.marketstream.model.CandleInterval;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The trades of a venue with ids: each id once, and none missing without a gap. */
class TradeIdsTest {
  private static final SymbolKey KEY = new SymbolKey("coinbase-sim", "BTC-USD");
  private static final long LIVE = 1_700_000_000_000L / 60_000 * 60_000;
  private static final long LATER = LIVE + 30_000;
  private static final long REPAIR = 1; // the session of all repaired trades
  private static final List<CandleInterval> MINUTE = List.of(CandleInterval.parse("1m"));

  private final List<Tick> ticks = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private final List<Tick> rewritten = new ArrayList<>(); // rows that replace those of their ticks
  private Optional<GapRecords> gapRecords = Optional.empty();

  @Test
  void idsWithoutHolesAreClean() {
    live(LIVE, 100, 160);

    assertClean(0);
  }

  @Test
  void aHoleWithoutAGapIsFoundAndUnexplained() {
    live(LIVE, 100, 120);
    live(LIVE, 124, 130);

    for (AuditReport report : everyWay()) {
      assertThat(report.findings())
          .extracting(finding -> finding.kind() + " " + finding.count())
          .containsExactly("MISSING_TRADE 3");
      assertThat(report.findings().get(0).what()).startsWith("trade ids 121 to 123, between");
      assertThat(report.findings().get(0).trace().get(0)).contains("trade_id 120");
      assertThat(report.unexplained()).isEqualTo(3);
      assertThat(report.counts().unexplained()).isEqualTo(3);
      assertThat(report.onTheirWay()).isZero();
    }
  }

  @Test
  void aGapExplainsTheIdsThatItNames() {
    live(LIVE, 100, 120);
    live(LIVE, 130, 140);
    gaps.add(gap("VENUE_DROPPED", LIVE, "121", "129"));
    assertClean(0);

    gaps.set(0, gap("VENUE_DROPPED", LIVE, "123", "127"));
    for (AuditReport report : everyWay()) {
      assertThat(report.findings())
          .extracting(finding -> finding.what().substring(0, 20))
          .containsExactly("trade ids 121 to 122", "trade ids 128 to 129");
    }
  }

  @Test
  void aGapWithoutIdsExplainsTheIdsOfItsTime() {
    live(LIVE, 100, 120);
    live(LIVE, 130, 140);
    long start = at(122);
    gaps.add(new Gap(KEY.symbol(), "STALLED", start, start + 10, LIVE, LIVE, 21, null));
    assertClean(0);

    long end = at(110);
    gaps.set(0, new Gap(KEY.symbol(), "STALLED", end - 10, end, LIVE, LIVE, 21, null));
    assertThat(only(FindingKind.MISSING_TRADE)).isEqualTo(9);
  }

  /** Repaired ticks have a session of their own. They come among the live ones. */
  @Test
  void aRepairedHoleIsCleanAndLeadsToNoSession() {
    live(LIVE, 100, 120);
    live(LIVE, 124, 126);
    repair(121, 121);
    add(LIVE, 24, 127, "live");
    repair(122, 122);
    repair(123, 123);
    live(LIVE, 128, 140);

    assertClean(0);
  }

  /** The numbers of repaired ticks are the trade ids, so a trade that is not there has none. */
  @Test
  void anIdThatTheVenueLacksIsExplainedByItsRecord() {
    live(LIVE, 100, 120);
    live(LIVE, 126, 140);
    repair(121, 122);
    repair(124, 125);
    gaps.add(repaired(gap("VENUE_DROPPED", LIVE, "121", "125")));
    assertThat(only(FindingKind.MISSING_TRADE)).isEqualTo(1);

    gaps.add(absent(123, 123));
    assertClean(0);
  }

  @Test
  void aRepairedGapExplainsNoId() {
    live(LIVE, 100, 120);
    live(LIVE, 126, 140);
    gaps.add(gap("VENUE_DROPPED", LIVE, "121", "125"));
    assertClean(0);

    gaps.set(0, repaired(gaps.get(0)));
    assertThat(only(FindingKind.MISSING_TRADE)).isEqualTo(5);
  }

  /** After a kill the gap of the restart has the ids of the older gap too. */
  @Test
  void anOlderGapDoesNotExplainTheIdsOfARepair() {
    live(LIVE, 100, 120);
    live(LIVE, 131, 140);
    gaps.add(gap("STALLED", LIVE, "121", "124"));
    gaps.add(new Gap(KEY.symbol(), "CONNECTION_LOST", at(121), null, LIVE, null, 20, null));
    Gap restart =
        new Gap(
            KEY.symbol(),
            "TASK_RESTART",
            at(120),
            at(130),
            LIVE,
            null,
            21,
            null,
            "121",
            "130",
            null);
    gaps.add(restart);
    assertClean(0);

    gaps.set(2, repaired(restart));
    repair(123, 130);
    for (AuditReport report : everyWay()) {
      assertThat(report.count(FindingKind.MISSING_TRADE)).isEqualTo(2);
    }
  }

  /** The rows and records of a repair may have been read before it ended. */
  @Test
  void aRepairThatEndedAfterTheCutoffIsNotOver() {
    live(LIVE, 100, 120);
    live(LIVE, 126, 140);
    repair(121, 122);
    gaps.add(repaired(gap("VENUE_DROPPED", LIVE, "121", "125")));
    AuditRules rules = AuditRules.always(Span.ALL, MINUTE, 120_000);

    for (long gapsUntil : List.of(LATER, LATER + 1)) {
      AuditCutoff cutoff =
          new AuditCutoff(
              JobProgress.EVERYTHING, JobProgress.EVERYTHING, Long.MAX_VALUE, gapsUntil);
      assertThat(new Audit(rules, cutoff).of(evidence(true)).count(FindingKind.MISSING_TRADE))
          .isEqualTo(gapsUntil == LATER ? 0 : 3);
    }
  }

  /** The gap explains the sequences that it dropped. They stay missing after a repair. */
  @Test
  void aRepairedOverflowExplainsNoId() {
    live(LIVE, 100, 104);
    for (int id = 108; id <= 120; id++) {
      add(LIVE, id - 100, id, "live");
    }
    Gap overflow =
        new Gap(KEY.symbol(), "OVERFLOW", at(105), at(107), LIVE, LIVE, 5, 3L, "105", "107", null);
    gaps.add(overflow);
    assertClean(0);

    gaps.set(0, repaired(overflow));
    assertThat(only(FindingKind.MISSING_TRADE)).isEqualTo(3);

    repair(105, 106);
    assertThat(only(FindingKind.MISSING_TRADE)).isEqualTo(1);

    gaps.add(absent(107, 107));
    assertClean(0);
  }

  /** A gap that is too long is repaired in part. Its record then names the ids that are left. */
  @Test
  void theLastRecordOfAGapCounts() {
    live(LIVE, 100, 120);
    live(LIVE, 131, 140);
    repair(121, 124);
    Gap whole = gap("CONNECTION_LOST", LIVE, "121", "130");
    Gap narrowed = gap("CONNECTION_LOST", LIVE, "127", "130");
    Gap open = new Gap(KEY.symbol(), "CONNECTION_LOST", whole.start(), null, LIVE, null, 21, null);
    records(open, whole, narrowed);

    gaps.add(narrowed);
    assertThat(only(FindingKind.MISSING_TRADE)).isEqualTo(2);

    gaps.clear(); // the row is lost, which is another finding
    for (AuditReport report : everyWay()) {
      assertThat(report.count(FindingKind.MISSING_TRADE)).isEqualTo(2);
      assertThat(report.count(FindingKind.WRONG_GAP)).isEqualTo(1);
    }
  }

  /** After a crash a repair begins again. It writes the same rows, with later receipts. */
  @Test
  void aRepairThatIsDoneAgainWritesTheSameRows() {
    live(LIVE, 100, 120);
    live(LIVE, 124, 126);
    repair(121, 123);
    List<Tick> first = List.copyOf(ticks.subList(ticks.size() - 3, ticks.size()));
    live(LIVE, 127, 140);
    for (Tick tick : first) {
      Tick again = tick.withReceipt(tick.receivedAt() + 5_000);
      ticks.add(again);
      rewritten.add(again);
    }
    assertClean(0);

    rewritten.set(1, first.get(1)); // as a job that has not come so far
    assertClean(0);

    rewritten.set(1, first.get(1).withReceipt(first.get(1).receivedAt() + 1));
    AuditReport report = everyWay().get(0);
    assertThat(report.findings())
        .extracting(Finding::kind)
        .containsExactly(FindingKind.WRONG_VALUE);
    assertThat(report.findings().get(0).what()).contains("received_at is");
  }

  @Test
  void aVenueMayStartItsNumbersOver() {
    live(LIVE, 1_000, 1_020);
    renumbered(LIVE, 1, 10, 1_024);
    gaps.add(startedOver(1_020, 1_024));
    assertClean(0);

    ticks.clear();
    gaps.clear();
    live(LIVE, 100, 120);
    renumbered(LIVE, 95, 130, 142);
    gaps.add(startedOver(120, 142));
    assertClean(0);
  }

  @Test
  void numbersThatStartOverWithoutAGapAreFound() {
    live(LIVE, 100, 120);
    renumbered(LIVE, 95, 130, 140);

    for (AuditReport report : everyWay()) {
      assertThat(report.count(FindingKind.REPEATED_TRADE)).isEqualTo(21);
    }
  }

  @Test
  void aHoleInTheNewNumbersIsFound() {
    live(LIVE, 100, 120);
    renumbered(LIVE, 1, 5, 140);
    renumbered(LIVE, 8, 10, 147);
    gaps.add(startedOver(120, 140));

    assertThat(only(FindingKind.MISSING_TRADE)).isEqualTo(2);
  }

  @Test
  void aTradeThatComesLiveAndByRepairIsCountedOnce() {
    live(LIVE, 100, 120);
    repair(118, 122);
    live(LIVE, 121, 140);

    assertClean(5);
  }

  /** The highest number of a connection says which ticks came. That of the repairs does not. */
  @Test
  void repairsMayComeInAnyOrder() {
    live(LIVE, 100, 120);
    live(LIVE, 130, 140);
    repair(127, 129);
    live(LIVE, 141, 141);
    repair(121, 126);

    assertClean(0);
  }

  @Test
  void aTradeThatComesTwiceInOneSessionIsFound() {
    live(LIVE, 100, 120);
    add(LIVE, 21, 120, "live");

    assertThat(only(FindingKind.REPEATED_TRADE)).isEqualTo(1);
  }

  @Test
  void aTradeMayComeAgainAfterARestartOnly() {
    live(LIVE, 100, 120);
    live(LATER, 118, 140);
    gaps.add(new Gap(KEY.symbol(), "TASK_RESTART", at(120), LATER + 1, LIVE, LATER, 21, null));
    assertClean(3);

    gaps.set(
        0, new Gap(KEY.symbol(), "CONNECTION_LOST", at(120), LATER + 1, LIVE, LATER, 21, null));
    for (AuditReport report : everyWay()) {
      assertThat(report.counts().repeatedIds()).isEqualTo(3);
    }
    assertThat(only(FindingKind.REPEATED_TRADE)).isEqualTo(3);
  }

  /** The numbers of the session say it already. */
  @Test
  void aLostTickIsReportedOnce() {
    live(LIVE, 100, 140);
    ticks.remove(20);

    assertThat(only(FindingKind.UNEXPLAINED)).isEqualTo(1);
  }

  @Test
  void theOlderNeighbourMustHaveBeenRead() {
    live(LIVE, 100, 110);
    live(LIVE, 150, 160);
    AuditRules rules =
        new AuditRules(new Span(at(150), Long.MAX_VALUE), List.of(), at(111), Long.MAX_VALUE);

    AuditReport report = new Audit(rules, AuditCutoff.SETTLED).of(evidence(false));

    assertThat(report.count(FindingKind.MISSING_TRADE)).isZero();
  }

  @Test
  void idsThatAreNotNumbersAreNotChecked() {
    for (int i = 0; i < 3; i++) {
      ticks.add(tick(LIVE, i, 100, "a" + 7 * i, "live"));
    }

    assertClean(0);
  }

  private void live(long session, int first, int last) {
    for (int id = first; id <= last; id++) {
      add(
          session,
          ticks.stream().filter(each -> each.id().session() == session).count(),
          id,
          "live");
    }
  }

  private void add(long session, long sequence, int id, String origin) {
    ticks.add(tick(session, sequence, id, "" + id, origin));
  }

  /** A repaired trade has its id as sequence. */
  private void repair(int first, int last) {
    for (int id = first; id <= last; id++) {
      add(REPAIR, id, id, "repair");
    }
  }

  /**
   * Live trades whose times are those of other ids.
   *
   * @param timeOfFirst the id that has the time of the first one
   */
  private void renumbered(long session, int first, int last, int timeOfFirst) {
    for (int id = first; id <= last; id++) {
      long sequence = ticks.stream().filter(each -> each.id().session() == session).count();
      ticks.add(tick(session, sequence, timeOfFirst + id - first, "" + id, "live"));
    }
  }

  private Tick tick(long session, long sequence, int id, String tradeId, String origin) {
    return new Tick(
        new TickId(session, sequence),
        at(id),
        Math.max(at(id), ticks.isEmpty() ? 0 : ticks.get(ticks.size() - 1).receivedAt()),
        "trade",
        new BigDecimal("83" + id % 10 + ".5"),
        new BigDecimal("0.5"),
        List.of(),
        tradeId,
        id % 2 == 0 ? "buy" : "sell",
        origin);
  }

  /** The time of a trade. Three trades share a time. */
  private static long at(int id) {
    return LIVE + 10L * (id / 3);
  }

  private static Gap gap(
      String cause, long session, @Nullable String first, @Nullable String last) {
    return new Gap(
        KEY.symbol(), cause, at(121), at(130), session, session, 21, null, first, last, null);
  }

  private static Gap repaired(Gap gap) {
    return gap.with(
        new Gap(
            gap.symbol(),
            gap.cause(),
            gap.start(),
            gap.end(),
            gap.sessionBefore(),
            gap.sessionAfter(),
            gap.firstMissing(),
            null,
            null,
            null,
            LATER));
  }

  private static Gap absent(long first, long last) {
    return new Gap(
        KEY.symbol(),
        "ABSENT_AT_VENUE",
        at(121),
        at(130),
        REPAIR,
        REPAIR,
        first,
        null,
        "" + first,
        "" + last,
        LATER);
  }

  private static Gap startedOver(int lastBefore, int firstAfter) {
    return new Gap(
        KEY.symbol(), "VENUE_DROPPED", at(lastBefore), at(firstAfter), LIVE, LIVE, 21, null);
  }

  private void records(Gap... inOrder) {
    List<GapRecords.GapRecord> records = new ArrayList<>();
    for (Gap gap : inOrder) {
      records.add(
          new GapRecords.GapRecord(new RecordPosition("market_data_gaps", 0, records.size()), gap));
    }
    gapRecords = Optional.of(new GapRecords(Long.MIN_VALUE, records));
  }

  private void assertClean(long repeatedIds) {
    for (AuditReport report : everyWay()) {
      assertThat(report.findings()).isEmpty();
      assertThat(report.counts().candlesChecked()).isEqualTo(1);
      assertThat(report.counts().repeatedIds()).isEqualTo(repeatedIds);
    }
  }

  private long only(FindingKind kind) {
    AuditReport report = everyWay().get(0);
    assertThat(report.findings()).extracting(finding -> finding.kind()).containsExactly(kind);
    return report.count(kind);
  }

  /** With the topic, and with the tables alone. */
  private List<AuditReport> everyWay() {
    AuditRules rules = AuditRules.always(Span.ALL, MINUTE, 120_000);
    return List.of(
        new Audit(rules, AuditCutoff.SETTLED).of(evidence(true)),
        new Audit(rules, AuditCutoff.SETTLED).of(evidence(false)));
  }

  /** The tables of a correct job: candle and latest tick count each trade id once. */
  private ListedEvidence evidence(boolean withTopic) {
    ListedEvidence evidence = new ListedEvidence(KEY);
    List<TopicTick> topic = new ArrayList<>();
    for (Tick tick : ticks) {
      topic.add(new TopicTick(new RecordPosition("market_data", 0, topic.size()), tick));
    }
    List<Tick> counted = new ArrayList<>();
    for (Tick tick : ticks) {
      if (counted.stream()
          .noneMatch(
              each ->
                  tick.tradeId().equals(each.tradeId()) && tick.eventTime() == each.eventTime())) {
        counted.add(tick);
      }
    }
    evidence.topic = withTopic ? Optional.of(topic) : Optional.empty();
    Map<TickId, Tick> rows = new LinkedHashMap<>();
    ticks.forEach(tick -> rows.putIfAbsent(tick.id(), tick));
    rewritten.forEach(tick -> rows.put(tick.id(), tick));
    evidence.rows = rows.values().stream().map(ListedEvidence::row).toList();
    evidence.gaps = gaps;
    evidence.gapRecords = gapRecords;
    evidence.candles = new ArrayList<>();
    CandleTicks.of(counted, MINUTE, 120_000)
        .ofCandle()
        .forEach((id, of) -> evidence.candles.add(new CandleRecomputation().candle(id, of)));
    evidence.openRows =
        ChangingRows.settled(counted.stream().max(Tick.BY_TIME).map(Tick::asLatest));
    return evidence;
  }
}
