package io.marketstream.auditor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.AuditCutoff;
import io.marketstream.auditor.evidence.Candle;
import io.marketstream.auditor.evidence.ChangingRows;
import io.marketstream.auditor.evidence.Gap;
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
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Trades that were missing belong to the candles of their time, however late they come. */
class RepairedCandlesTest {
  private static final SymbolKey KEY = new SymbolKey("coinbase-sim", "BTC-USD");
  private static final long HOUR = 1_700_000_000_000L / 3_600_000 * 3_600_000;
  private static final long LATENESS = 120_000;
  private static final int DAY = 86_400;
  private static final CandleInterval MINUTE = CandleInterval.parse("1m");

  private final List<Tick> topic = new ArrayList<>();
  private final List<Tick> inCandles = new ArrayList<>();
  private List<CandleInterval> intervals = List.of(MINUTE);

  @Test
  void aRepairAfterTheCandleClosedIsPartOfIt() {
    live(100, 10);
    live(104, 70);
    live(105, 600);
    repaired(101, 15);
    repaired(102, 59);
    repaired(103, 60);

    assertClean(3);
    inCandles.remove(3);
    assertThat(wrongCandles()).singleElement().asString().contains("trades is 2");
  }

  @Test
  void theRowsOfAnOutageAreThoseOfItsRepair() {
    live(100, 10);
    live(104, 400);
    live(105, 900);
    live(106, 1_500);
    repaired(101, 70);
    repaired(102, 130);
    repaired(103, 310);

    assertClean(7);
  }

  /** Otherwise the candles would depend on an outage. */
  @Test
  void aLateTickThatWasNotAwaitedIsNotPartOfAnOpenCandle() {
    live(100, 10);
    live(102, 20);
    live(103, 600);
    live(104, 12);
    inCandles.remove(inCandles.size() - 1);
    repaired(101, 15);

    AuditReport report = audit(evidence(true));
    assertThat(report.findings()).isEmpty();
    assertThat(report.counts().candlesChecked()).isEqualTo(2);
    assertThat(audit(evidence(false)).findings()).isEmpty();
    inCandles.add(topic.get(3));
    assertThat(wrongCandles()).hasSize(1);
  }

  @Test
  void aTradeThatComesAfterItsDayIsLate() {
    live(100, 10);
    live(103, 20);
    repaired(101, 11);
    live(104, 20 + DAY);
    repaired(102, 12);
    inCandles.remove(inCandles.size() - 1);

    AuditReport report = audit(evidence(true));
    assertThat(report.findings()).isEmpty();
    assertThat(report.counts().candlesChecked()).isEqualTo(2);
    inCandles.add(topic.get(4));
    assertThat(wrongCandles()).hasSize(1);
  }

  @Test
  void nothingIsAwaitedAfterANewStartOfTheNumbers() {
    live(100, 10);
    live(102, 20);
    live(103, 600);
    live(100, 700);
    repaired(101, 15);
    inCandles.remove(inCandles.size() - 1);

    assertThat(audit(evidence(true)).count(FindingKind.WRONG_CANDLE)).isZero();
    inCandles.add(topic.get(4));
    assertThat(audit(evidence(true)).count(FindingKind.WRONG_CANDLE)).isEqualTo(1);
  }

  /** No trade with one of the new ids was ever counted. */
  @Test
  void holesInNumbersThatStartedOverAreAwaited() {
    live(1_000, 9);
    live(1_001, 10);
    live(1, 20);
    live(2, 21);
    live(5, 25);
    live(6, 600);
    repaired(3, 22);
    repaired(4, 22);

    assertThat(audit(evidence(true)).count(FindingKind.WRONG_CANDLE)).isZero();
    inCandles.remove(inCandles.size() - 1);
    assertThat(audit(evidence(true)).count(FindingKind.WRONG_CANDLE)).isEqualTo(1);
  }

  /** 180 holes with two candles each per interval: more than the job keeps open. */
  @Test
  void ofTooManyOpenCandlesTheOldestAreClosed() {
    intervals = List.of("1s", "2s", "5s").stream().map(CandleInterval::parse).toList();
    for (int i = 0; i < 180; i++) {
      live(3 * i, 20 * i);
      live(3 * i + 2, 20 * i + 10);
    }
    repaired(1, 5);
    inCandles.remove(inCandles.size() - 1);
    repaired(3 * 179 + 1, 20 * 179 + 5);

    assertThat(audit(evidence(true)).findings()).isEmpty();
  }

  /** The job may have known of a hole whose beginning is not in the topic any more. */
  @Test
  void aRepairOfAHoleThatBeganBeforeTheTopicIsNotJudged() {
    live(104, 70);
    live(105, 600);
    repaired(102, 61);
    repaired(103, 65);
    ListedEvidence evidence = evidence(true);
    evidence.topicFrom = HOUR + 50_000;

    AuditReport report = audit(evidence);
    assertThat(report.findings()).isEmpty();
    assertThat(report.counts().candlesChecked()).isEqualTo(1);
    assertThat(report.counts().candlesNotChecked()).isEqualTo(1);
    evidence.topicFrom = Long.MIN_VALUE;
    assertThat(audit(evidence).findings()).as("the job never knew of it").hasSize(1);
  }

  /** While a repair runs, the row of an old candle may be newer than the end of the topic. */
  @Test
  void aCandleUnderRepairIsNotJudgedByARowThatIsNewer() {
    live(100, 10);
    live(103, 200);
    live(104, 600);
    repaired(101, 15);
    repaired(102, 70);
    ListedEvidence evidence = evidence(true);
    evidence.topic = Optional.of(evidence.topic.orElseThrow().subList(0, 3));
    evidence.rows = evidence.rows.subList(0, 3);
    assertThat(audit(evidence).count(FindingKind.WRONG_CANDLE)).as("settled").isEqualTo(2);

    long openFrom = HOUR + 480_000;
    evidence.openRows =
        ChangingRows.of(
            evidence.openRows.latest(),
            Map.of("1m", openFrom),
            Map.of(
                "1m",
                evidence.candles.stream()
                    .filter(candle -> candle.openTime() >= openFrom)
                    .collect(Collectors.toMap(Candle::openTime, candle -> candle))),
            true);
    AuditReport report = audit(evidence);
    assertThat(report.count(FindingKind.WRONG_CANDLE)).isZero();
    assertThat(report.counts().candlesNotChecked()).isEqualTo(1);
    assertThat(report.counts().candlesChecked()).isEqualTo(2);
  }

  /** Outages of any length, repaired in any order while the connection goes on. */
  @RepeatedTest(20)
  void outagesThatAreRepairedLeaveNoFinding(RepetitionInfo repetition) {
    long seed = Long.getLong("marketstream.seed", 20261130L) + repetition.getCurrentRepetition();
    Random random = new Random(seed);
    intervals = List.of("10s", "1m", "1h").stream().map(CandleInterval::parse).toList();
    TreeMap<Double, Runnable> arrivals = new TreeMap<>();
    int second = 0;
    int trades = 300;
    for (int i = 0; i < trades; i++) {
      second += random.nextInt(3) == 0 ? random.nextInt(120) : 0;
      int id = 1_000 + i;
      int at = second;
      arrivals.put((double) i, () -> live(id, at));
      if (i > 0 && random.nextInt(25) == 0) {
        int lost = random.nextInt(60);
        List<Integer> ids = new ArrayList<>();
        TreeMap<Integer, Integer> times = new TreeMap<>();
        arrivals.remove((double) i);
        for (int j = 0; j <= lost && i < trades - 1; j++, i++) {
          second += random.nextInt(3) == 0 ? random.nextInt(120) : 0;
          ids.add(1_000 + i);
          times.put(1_000 + i, j == 0 ? at : second);
        }
        i--;
        if (random.nextInt(4) == 0) {
          Collections.shuffle(ids, random);
        }
        double place = i + 1 + random.nextInt(trades);
        for (int each : ids) {
          place += random.nextDouble() * (random.nextInt(3) == 0 ? 3 : 0.001) + 1e-6;
          arrivals.put(place, () -> repaired(each, times.get(each)));
        }
      }
    }
    arrivals.values().forEach(Runnable::run);
    assertThat(topic).as("seed %d", seed).anyMatch(Tick::isRepair);

    for (boolean withTopic : List.of(true, false)) {
      AuditReport report = audit(evidence(withTopic));
      assertThat(report.findings()).as("seed %d", seed).isEmpty();
      assertThat(report.counts().candlesNotChecked()).as("seed %d", seed).isZero();
    }
    Tick lost = inCandles.remove(random.nextInt(inCandles.size()));
    assertThat(audit(evidence(true)).count(FindingKind.WRONG_CANDLE))
        .as("seed %d, without %s", seed, lost)
        .isEqualTo(3);
  }

  private void assertClean(long candles) {
    for (boolean withTopic : List.of(true, false)) {
      AuditReport report = audit(evidence(withTopic));
      assertThat(report.findings()).isEmpty();
      assertThat(report.counts().candlesChecked()).isEqualTo(candles);
      assertThat(report.counts().candlesNotChecked()).isZero();
    }
  }

  private List<String> wrongCandles() {
    AuditReport report = audit(evidence(true));
    assertThat(report.findings()).extracting(Finding::kind).containsOnly(FindingKind.WRONG_CANDLE);
    return report.findings().stream().map(Finding::what).toList();
  }

  private void live(int id, int second) {
    long sequence = topic.stream().filter(tick -> tick.id().session() == HOUR).count();
    add(id, second, HOUR, sequence, "live");
  }

  private void repaired(int id, int second) {
    add(id, second, 1, id, "repair");
  }

  private void add(int id, int second, long session, long sequence, String origin) {
    long eventTime = HOUR + second * 1_000L;
    long receivedAt =
        topic.isEmpty()
            ? eventTime
            : Math.max(eventTime, topic.get(topic.size() - 1).receivedAt() + 1);
    Tick tick =
        new Tick(
            new TickId(session, sequence),
            eventTime,
            receivedAt,
            "trade",
            new BigDecimal("83" + id % 10 + ".5"),
            new BigDecimal("0.5"),
            List.of(),
            "" + id,
            id % 2 == 0 ? "buy" : "sell",
            origin);
    topic.add(tick);
    inCandles.add(tick);
  }

  private AuditReport audit(ListedEvidence evidence) {
    return new Audit(AuditRules.always(Span.ALL, intervals, LATENESS), AuditCutoff.SETTLED)
        .of(evidence);
  }

  /** The tables of a job whose candles have the ticks of {@code inCandles}. */
  private ListedEvidence evidence(boolean withTopic) {
    ListedEvidence evidence = new ListedEvidence(KEY);
    List<TopicTick> records = new ArrayList<>();
    for (Tick tick : topic) {
      records.add(new TopicTick(new RecordPosition("market_data", 0, records.size()), tick));
    }
    evidence.topic = withTopic ? Optional.of(records) : Optional.empty();
    evidence.rows = topic.stream().map(ListedEvidence::row).toList();
    evidence.gaps =
        List.of(
            new Gap(
                KEY.symbol(),
                "VENUE_DROPPED",
                HOUR,
                HOUR + 1,
                HOUR,
                HOUR,
                0,
                null,
                "0",
                "9999",
                null));
    List<Tick> byTime =
        inCandles.stream().sorted(Comparator.comparingLong(Tick::eventTime)).toList();
    evidence.candles = new ArrayList<>();
    CandleTicks.of(byTime, intervals, LATENESS)
        .ofCandle()
        .forEach((id, of) -> evidence.candles.add(new CandleRecomputation().candle(id, of)));
    evidence.openRows = ChangingRows.settled(topic.stream().max(Tick.BY_TIME).map(Tick::asLatest));
    return evidence;
  }
}
