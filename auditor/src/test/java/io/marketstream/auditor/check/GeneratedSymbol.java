package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.Candle;
import io.marketstream.auditor.evidence.ChangingRows;
import io.marketstream.auditor.evidence.DeliveredTick;
import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.Reject;
import io.marketstream.auditor.evidence.Rejects;
import io.marketstream.auditor.evidence.SentTick;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.TopicTick;
import io.marketstream.model.CandleInterval;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The evidence of a symbol in a pipeline without faults. Tests plant faults in it. It has three
 * sessions, and a recorded gap at the end of the first one. It also has late ticks, prices without
 * trades, conditions, and repetitions in the topic.
 */
final class GeneratedSymbol {
  static final SymbolKey KEY = new SymbolKey("finnhub-sim", "AAPL");
  static final long START = 1_700_000_000_000L / 60_000 * 60_000;
  static final List<CandleInterval> INTERVALS =
      List.of(CandleInterval.parse("1m"), CandleInterval.parse("5m"));
  static final long LATENESS = 120_000;
  static final AuditRules RULES = AuditRules.always(Span.ALL, INTERVALS, LATENESS);

  private static final int TICKS_OF_SESSION = 120;
  private static final int LOST_AT_DROP = 3;
  private static final String[] CODES = {"1", "12", "24", "25", "9", "16", "34", "no such code"};

  final List<DeliveredTick> delivered = new ArrayList<>();
  final List<TopicTick> topic = new ArrayList<>();
  final List<Tick> rows = new ArrayList<>();
  final List<Candle> candles = new ArrayList<>();
  final List<Gap> gaps = new ArrayList<>();
  final List<Reject> rejects = new ArrayList<>();
  Tick latest;

  private final Random random;
  private long now = START + 500;

  GeneratedSymbol(long seed) {
    random = new Random(seed);
    long before = session(1, TICKS_OF_SESSION, LOST_AT_DROP);
    gap("CONNECTION_LOST", before, TICKS_OF_SESSION - LOST_AT_DROP);
    before = session(2, TICKS_OF_SESSION, 0);
    gap("TASK_RESTART", before, TICKS_OF_SESSION);
    session(3, TICKS_OF_SESSION, 0);
    List<Tick> folded = CandleTicks.accepted(topic);
    CandleRecomputation recomputation = new CandleRecomputation();
    CandleTicks.of(folded, INTERVALS, LATENESS)
        .ofCandle()
        .forEach((id, ticks) -> candles.add(recomputation.candle(id, ticks)));
    latest = folded.stream().max(Tick.BY_TIME).orElseThrow().asLatest();
  }

  private long session(int connection, int ticks, int lost) {
    long session = now;
    for (int sequence = 0; sequence < ticks; sequence++) {
      now += random.nextInt(6_000);
      boolean late = random.nextInt(20) == 0;
      long eventTime = now - random.nextInt(50) - (late ? random.nextInt(400_000) : 0);
      String price = "19" + random.nextInt(10) + (random.nextBoolean() ? ".5" : ".50");
      String volume =
          random.nextInt(5) == 0 ? "0" : random.nextInt(90) + "." + random.nextInt(9) + "1";
      List<String> conditions =
          random.nextBoolean() ? null : List.of(CODES[random.nextInt(CODES.length)]);
      SentTick sent =
          new SentTick(
              KEY.source(),
              connection,
              session - 2,
              KEY.symbol(),
              price,
              volume,
              conditions,
              eventTime,
              sequence,
              now);
      delivered.add(new DeliveredTick(sent, session));
      if (sequence < ticks - lost) {
        keep(sent, session);
      }
    }
    return session;
  }

  private void keep(SentTick sent, long session) {
    BigDecimal volume = new BigDecimal(sent.volume());
    Tick tick =
        new Tick(
            new TickId(session, sent.sequence()),
            sent.eventTimeMs(),
            sent.writtenAt(),
            volume.signum() == 0 ? "price" : "trade",
            new BigDecimal(sent.price()),
            volume,
            sent.conditions());
    topic.add(new TopicTick(new RecordPosition("market_data", 0, topic.size()), tick));
    if (random.nextInt(15) == 0) {
      topic.add(new TopicTick(new RecordPosition("market_data", 0, topic.size()), tick));
    }
    rows.add(tick);
  }

  private void gap(String cause, long sessionBefore, long firstMissing) {
    long start = rows.get(rows.size() - 1).receivedAt();
    now += 5_000;
    gaps.add(new Gap(KEY.symbol(), cause, start, now + 1, sessionBefore, now, firstMissing, null));
  }

  /** Returns the index of a row in the middle of the second session. */
  int middle() {
    return rows.size() / 2;
  }

  /** Removes a row from the table, and returns it. */
  Tick loseRow(int index) {
    return rows.remove(index);
  }

  /** Removes a tick from the topic and the table, and returns it. */
  Tick lose(int index) {
    Tick lost = rows.remove(index);
    topic.removeIf(copy -> copy.tick().id().equals(lost.id()));
    remakeCandles();
    return lost;
  }

  /** Computes the candles of the ticks that are in the topic now. */
  void remakeCandles() {
    Set<TickId> rejected = new HashSet<>();
    rejects.forEach(reject -> rejected.add(reject.id()));
    List<Tick> folded =
        CandleTicks.accepted(topic).stream().filter(tick -> !rejected.contains(tick.id())).toList();
    candles.clear();
    CandleTicks.of(folded, INTERVALS, LATENESS)
        .ofCandle()
        .forEach((id, ticks) -> candles.add(new CandleRecomputation().candle(id, ticks)));
  }

  void changeRow(int index, UnaryOperator<Tick> change) {
    rows.set(index, change.apply(rows.get(index)));
  }

  /** With journal, topic and tables. */
  ListedEvidence whole() {
    return evidence(true, true);
  }

  /** Without a journal. */
  ListedEvidence topicAndTables() {
    return evidence(false, true);
  }

  ListedEvidence tables() {
    return evidence(false, false);
  }

  private ListedEvidence evidence(boolean isSentKnown, boolean isTopicKnown) {
    ListedEvidence evidence = new ListedEvidence(KEY);
    evidence.delivered = isSentKnown ? Optional.of(delivered) : Optional.empty();
    evidence.topic = isTopicKnown ? Optional.of(topic) : Optional.empty();
    evidence.rows = rows.stream().map(ListedEvidence::row).toList();
    evidence.openRows = ChangingRows.settled(Optional.ofNullable(latest));
    evidence.candles = candles;
    evidence.gaps = gaps;
    evidence.rejects = new Rejects(rejects);
    return evidence;
  }
}
