package io.marketstream.auditor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.AuditCutoff;
import io.marketstream.auditor.evidence.Candle;
import io.marketstream.auditor.evidence.CandleId;
import io.marketstream.auditor.evidence.GapRecords;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.Reject;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.TickRow;
import io.marketstream.auditor.evidence.TopicTick;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.Finding;
import io.marketstream.auditor.report.FindingKind;
import io.marketstream.auditor.report.ReportSum;
import io.marketstream.model.CandleInterval;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Plants two hundred faults of every kind, one by one and all at once. The audit finds exactly
 * these.
 */
class PlantedFaultsTest {
  private static final long SEED = Long.getLong("marketstream.seed", 20261128L);
  private static final int SYMBOLS = 10;
  private static final int FAULTS_PER_SYMBOL = 20;
  private static final int FIRST_ROWS = 5;

  /** A kind of fault, and the finding that reports it. */
  private enum Fault {
    LOST_ROW(FindingKind.UNEXPLAINED),
    LOST_BEFORE_THE_TOPIC(FindingKind.UNEXPLAINED),
    DOUBLED(FindingKind.DUPLICATE),
    ALTERED_PRICE(FindingKind.WRONG_VALUE),
    ALTERED_SCALE(FindingKind.WRONG_VALUE),
    ALTERED_TIME(FindingKind.WRONG_VALUE),
    NEVER_SENT(FindingKind.NEVER_SENT),
    MISPLACED(FindingKind.MISPLACED),
    UNJUSTIFIED_REJECT(FindingKind.UNJUSTIFIED_REJECT),
    MISSING_GAP(FindingKind.WRONG_GAP),
    WRONG_MINUTE(FindingKind.WRONG_CANDLE),
    WRONG_FIVE_MINUTES(FindingKind.WRONG_CANDLE),
    MISSING_CANDLE(FindingKind.WRONG_CANDLE),
    LATE_TICK_IN_A_CANDLE(FindingKind.WRONG_CANDLE),
    FROZEN_LATEST(FindingKind.WRONG_LATEST);

    private final FindingKind kind;

    Fault(FindingKind kind) {
      this.kind = kind;
    }
  }

  /** A symbol and what was planted into it. */
  private static final class World {
    private final GeneratedSymbol symbol;
    private final Random random;
    private final List<Tick> untouched;
    private final Map<TickId, Long> hours = new HashMap<>();
    private final List<GapRecords.GapRecord> gapRecords = new ArrayList<>();
    private final Set<CandleId> spoiledCandles = new HashSet<>();
    private final List<Candle> spoiled = new ArrayList<>();
    private final List<CandleId> removed = new ArrayList<>();
    private boolean isLatestFrozen;

    World(long seed) {
      symbol = new GeneratedSymbol(seed);
      random = new Random(seed);
      // Neither the first of a session nor the last, which a gap would explain.
      List<Tick> inner = new ArrayList<>();
      for (int i = FIRST_ROWS; i < symbol.rows.size() - FIRST_ROWS; i++) {
        long session = symbol.rows.get(i).id().session();
        if (symbol.rows.get(i - FIRST_ROWS).id().session() == session
            && symbol.rows.get(i + FIRST_ROWS).id().session() == session) {
          inner.add(symbol.rows.get(i));
        }
      }
      untouched = inner;
      symbol.gaps.forEach(
          gap ->
              gapRecords.add(
                  new GapRecords.GapRecord(
                      new RecordPosition("market_data_gaps", 0, gapRecords.size()), gap)));
    }

    /** Returns whether there was a tick left to alter. */
    boolean plant(Fault fault) {
      switch (fault) {
        case LOST_ROW -> symbol.rows.remove(tick());
        case LOST_BEFORE_THE_TOPIC -> {
          Tick lost = tick();
          symbol.rows.remove(lost);
          symbol.topic.removeIf(copy -> copy.tick().id().equals(lost.id()));
        }
        case DOUBLED -> {
          Tick tick = tick();
          int before = random.nextInt(2); // whichever row comes first
          symbol.rows.add(
              symbol.rows.indexOf(tick) + before, withTime(tick, tick.eventTime() + 1 + before));
        }
        case ALTERED_PRICE -> replace(tick -> tick.price().add(BigDecimal.ONE));
        case ALTERED_SCALE -> replace(tick -> tick.price().setScale(7));
        case ALTERED_TIME -> {
          Tick tick = tick();
          symbol.rows.set(symbol.rows.indexOf(tick), withTime(tick, tick.eventTime() + 1));
        }
        case NEVER_SENT -> {
          Tick tick = tick();
          long number = 1_000_000L + random.nextInt(1_000);
          symbol.rows.add(
              new Tick(
                  // A new session would lack a gap, and a new number would leave a hole.
                  new TickId(tick.id().session(), lastNumber(tick.id().session()) + 1),
                  tick.eventTime(),
                  tick.receivedAt(),
                  tick.kind(),
                  tick.price(),
                  BigDecimal.valueOf(number),
                  tick.conditions()));
        }
        case MISPLACED -> hours.put(tick().id(), GeneratedSymbol.START - 7_200_000);
        case UNJUSTIFIED_REJECT -> {
          Tick tick = tick();
          symbol.rows.remove(tick);
          symbol.rejects.add(
              new Reject(
                  GeneratedSymbol.KEY.symbol(),
                  tick.id(),
                  tick.eventTime(),
                  new RecordPosition("elsewhere", 0, symbol.rejects.size()),
                  "IMPLAUSIBLE_TIME",
                  "for no reason",
                  false));
        }
        case MISSING_GAP -> {
          if (symbol.gaps.isEmpty()) {
            return false;
          }
          symbol.gaps.remove(random.nextInt(symbol.gaps.size()));
        }
        case WRONG_MINUTE -> spoil("1m", false);
        case WRONG_FIVE_MINUTES -> spoil("5m", false);
        case LATE_TICK_IN_A_CANDLE -> spoil("1m", true);
        case MISSING_CANDLE -> {
          CandleId id = candle("1m");
          removed.add(id);
        }
        case FROZEN_LATEST -> {
          if (isLatestFrozen) {
            return false;
          }
          isLatestFrozen = true;
        }
      }
      return true;
    }

    private long lastNumber(long session) {
      return symbol.rows.stream()
          .filter(row -> row.id().session() == session)
          .mapToLong(row -> row.id().sequence())
          .max()
          .orElseThrow();
    }

    /** Each tick is altered at most once, and the tick after it stays unchanged. */
    private Tick tick() {
      int index = random.nextInt(untouched.size() - 1);
      untouched.remove(index + 1);
      return untouched.remove(index);
    }

    private void replace(java.util.function.Function<Tick, BigDecimal> price) {
      Tick tick = tick();
      symbol.rows.set(
          symbol.rows.indexOf(tick),
          new Tick(
              tick.id(),
              tick.eventTime(),
              tick.receivedAt(),
              tick.kind(),
              price.apply(tick),
              tick.volume(),
              tick.conditions()));
    }

    private static Tick withTime(Tick tick, long eventTime) {
      return new Tick(
          tick.id(),
          eventTime,
          tick.receivedAt(),
          tick.kind(),
          tick.price(),
          tick.volume(),
          tick.conditions());
    }

    private CandleId candle(String interval) {
      CandleInterval parsed = CandleInterval.parse(interval);
      List<CandleId> left =
          symbol.candles.stream()
              .filter(candle -> candle.interval().equals(interval))
              .map(candle -> new CandleId(parsed, candle.openTime()))
              .filter(id -> !spoiledCandles.contains(id))
              .toList();
      CandleId chosen = left.get(random.nextInt(left.size()));
      spoiledCandles.add(chosen);
      return chosen;
    }

    private void spoil(String interval, boolean byATick) {
      CandleId id = candle(interval);
      Candle candle =
          symbol.candles.stream()
              .filter(each -> each.interval().equals(interval) && each.openTime() == id.openTime())
              .findFirst()
              .orElseThrow();
      spoiled.add(
          new Candle(
              candle.interval(),
              candle.openTime(),
              candle.open(),
              candle.high(),
              byATick ? candle.low() : BigDecimal.ONE,
              candle.close(),
              byATick ? candle.volume().add(BigDecimal.TEN) : candle.volume(),
              candle.vwap(),
              byATick ? candle.trades() + 1 : candle.trades(),
              candle.kind()));
    }

    ListedEvidence evidence() {
      symbol.remakeCandles(); // as the job computes them from the topic
      symbol.candles.removeIf(
          candle ->
              removed.contains(id(candle))
                  || spoiled.stream().anyMatch(each -> id(each).equals(id(candle))));
      symbol.candles.addAll(spoiled);
      symbol.latest =
          symbol.topic.stream().map(TopicTick::tick).max(Tick.BY_TIME).orElseThrow().asLatest();
      if (isLatestFrozen) {
        symbol.latest = symbol.topic.get(FIRST_ROWS).tick().asLatest();
      }
      ListedEvidence evidence = symbol.topicAndTables();
      evidence.gapRecords = Optional.of(new GapRecords(Long.MIN_VALUE, gapRecords));
      evidence.rows =
          evidence.rows.stream()
              .map(
                  row ->
                      new TickRow(
                          row.tick(), hours.getOrDefault(row.id(), row.hour()), row.writtenAt()))
              .toList();
      return evidence;
    }

    private static CandleId id(Candle candle) {
      return new CandleId(CandleInterval.parse(candle.interval()), candle.openTime());
    }
  }

  @Test
  void oneByOneEachIsFoundWithItsTrace() {
    System.out.println("PlantedFaultsTest: seed " + SEED);
    Random random = new Random(SEED);
    for (int i = 0; i < SYMBOLS * FAULTS_PER_SYMBOL; i++) {
      Fault fault = Fault.values()[i % Fault.values().length];
      World world = new World(random.nextLong());
      assertThat(world.plant(fault)).isTrue();

      AuditReport report = audit(world);

      assertThat(report.findings()).as("%s, number %d", fault, i).hasSize(1);
      Finding finding = report.findings().get(0);
      assertThat(finding.kind()).as("%s, number %d", fault, i).isEqualTo(fault.kind);
      assertThat(finding.count()).isEqualTo(1);
      assertThat(finding.what()).isNotBlank();
      assertThat(finding.trace()).as("the trace of %s", fault).isNotEmpty();
    }
  }

  @Test
  void allAtOnceAreFoundAndNothingElse() {
    Random random = new Random(SEED);
    Map<FindingKind, Long> planted = new EnumMap<>(FindingKind.class);
    ReportSum sum = new ReportSum();
    int faults = 0;
    for (int i = 0; i < SYMBOLS; i++) {
      World world = new World(random.nextLong());
      for (int j = 0; j < FAULTS_PER_SYMBOL; j++) {
        Fault fault = Fault.values()[(i + j) % Fault.values().length];
        while (!world.plant(fault)) {
          fault = Fault.values()[random.nextInt(Fault.values().length)];
        }
        planted.merge(fault.kind, 1L, Long::sum);
        faults++;
      }
      sum.add(audit(world));
    }

    assertThat(faults).isEqualTo(SYMBOLS * FAULTS_PER_SYMBOL);
    Map<FindingKind, Long> found = new EnumMap<>(FindingKind.class);
    sum.report().findings().forEach(each -> found.merge(each.kind(), each.count(), Long::sum));
    assertThat(found).as("of %s", sum.report().findings()).isEqualTo(planted);
  }

  private static AuditReport audit(World world) {
    return new Audit(GeneratedSymbol.RULES, AuditCutoff.SETTLED).of(world.evidence());
  }
}
