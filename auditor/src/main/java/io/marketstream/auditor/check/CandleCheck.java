package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.Candle;
import io.marketstream.auditor.evidence.CandleId;
import io.marketstream.auditor.evidence.ChangingRows;
import io.marketstream.auditor.evidence.ComputedInterval;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TradeNumber;
import io.marketstream.auditor.report.AuditCounts;
import io.marketstream.auditor.report.FindingKind;
import io.marketstream.auditor.report.Findings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares the candles of one symbol with candles computed from its ticks.
 *
 * <p>A candle is closed once the newest event time is later than its end by the lateness. A later
 * tick is not part of it. If trades are {@linkplain AwaitedTrades awaited} that may belong to the
 * candle, it stays open for them, but for no other ticks. A closed candle must be exactly the
 * result of its ticks. An open candle must be the result at some time between two ticks: the last
 * one that the job certainly had, and the last one that is known.
 *
 * <p>Not thread-safe.
 */
final class CandleCheck {
  /** How many candles of a symbol the job keeps open while it awaits trades. */
  private static final int MAX_OPEN_CANDLES = 1_000;

  private final AuditRules rules;
  private final ChangingRows openRows;
  private final Findings findings;
  private final AcceptedTicks accepted;
  private final AwaitedTrades awaited;
  private final long ticksKnownFrom;
  private final List<OfInterval> intervals = new ArrayList<>();
  private final boolean isInTopicOrder;
  private boolean isSkipped;
  private int startsOver;
  private long firstNumber = TradeNumber.NONE; // of the trades before it nothing is known
  private long newest = Long.MIN_VALUE;
  private long surelyNewest = Long.MIN_VALUE;
  private boolean mayBeMissing; // whether the job may lack the ticks that are added now
  private @Nullable Tick firstTick; // null before the first tick
  private @Nullable Tick lastTick;
  private long ticks;
  private long checked;
  private long notChecked;

  /**
   * @param accepted which has accepted each tick that is added
   * @param awaited receives the trades that are missing; {@code accepted} reads them
   * @param isInTopicOrder whether ticks come in the order in which the job read them, rather than
   *     by receipt
   * @param ticksKnownFrom epoch ms; all ticks are known from this event time on
   */
  CandleCheck(
      AuditRules rules,
      SymbolEvidence evidence,
      Findings findings,
      AcceptedTicks accepted,
      AwaitedTrades awaited,
      boolean isInTopicOrder,
      long ticksKnownFrom) {
    this.rules = rules;
    this.openRows = evidence.openRows();
    this.findings = findings;
    this.accepted = accepted;
    this.awaited = awaited;
    this.isInTopicOrder = isInTopicOrder;
    this.ticksKnownFrom = ticksKnownFrom;
    rules
        .candles()
        .forEach(kept -> intervals.add(new OfInterval(kept, evidence.candles(kept.interval()))));
  }

  /**
   * Marks all candles as not checked, because the order in which the job read the ticks is not
   * known.
   */
  void skipAll() {
    isSkipped = true;
  }

  /**
   * Adds the next tick. Each tick is added once.
   *
   * @param surelyFolded whether the job had certainly processed it when the rows were read
   */
  void fold(Tick tick, boolean surelyFolded) {
    if (surelyFolded && mayBeMissing) {
      mayBeMissing = false;
      intervals.forEach(OfInterval::forgetMatches);
    } else if (!surelyFolded && !mayBeMissing) {
      mayBeMissing = true;
      intervals.forEach(OfInterval::match);
    }
    if (accepted.startsOver() > startsOver) {
      startsOver = accepted.startsOver();
      firstNumber = TradeNumber.NONE;
      awaited.startOver();
    }
    long newestBefore = newest;
    newest = Math.max(newest, tick.eventTime());
    awaited.giveUpAsOf(newest);
    if (surelyFolded) {
      surelyNewest = newest;
    }
    if (rules.candles().isEmpty() && rules.span().contains(tick.eventTime())) {
      firstTick = ticks == 0 ? tick : firstTick;
      lastTick = tick;
      ticks++;
    }
    boolean isAwaited = awaited.contains(tick.tradeNumber());
    boolean isNewCandle = false;
    for (OfInterval each : intervals) {
      isNewCandle |= each.fold(tick, isAwaited);
    }
    if (tick.tradeNumber() != TradeNumber.NONE) {
      boolean isFirst = startsOver == 0 && firstNumber == TradeNumber.NONE;
      firstNumber = isFirst ? tick.tradeNumber() : firstNumber;
      awaited.add(tick.tradeNumber(), tick.eventTime(), newestBefore);
      awaited.giveUpTo(accepted.lastForgottenId());
    }
    while (isNewCandle
        && !awaited.isEmpty()
        && intervals.stream().mapToLong(OfInterval::openCandles).sum() > MAX_OPEN_CANDLES) {
      awaited.giveUpFirst();
    }
    if (!mayBeMissing) {
      intervals.forEach(each -> each.closeAsOf(newest));
    }
  }

  /**
   * Whether the job may have kept a candle open for this trade. The skip of its id may have
   * happened before the first record that is known.
   */
  private boolean mayHaveBeenAwaited(Tick tick) {
    return ticksKnownFrom > Long.MIN_VALUE
        && tick.tradeNumber() != TradeNumber.NONE
        && tick.tradeNumber() < firstNumber;
  }

  /** Adds a tick that the job may have processed after the known end of the topic. */
  void addUncertain(Tick tick) {
    intervals.forEach(each -> each.addUncertain(tick));
  }

  AuditCounts finish() {
    if (ticks > 0) {
      findings.add(
          FindingKind.WRONG_CANDLE,
          1,
          "there is no candle of any interval, but there are ticks",
          () ->
              List.of("the first of " + ticks + ": " + firstTick, "the last of them: " + lastTick));
    }
    intervals.forEach(OfInterval::finish);
    if (isSkipped) {
      findings.removeAll(FindingKind.WRONG_CANDLE);
      return new AuditCounts(0, 0, 0, 0, 0, checked + notChecked);
    }
    return new AuditCounts(0, 0, 0, 0, checked, notChecked);
  }

  /** The candles of one interval. */
  private final class OfInterval {
    private final ComputedInterval kept;
    private final Iterator<Candle> rows;
    private final TreeMap<Long, OpenCandle> open = new TreeMap<>();
    private final Map<Long, Boolean> matched = new HashMap<>();
    private final TreeMap<Long, Candle> rowsRead = new TreeMap<>(); // and not compared yet
    private final Set<CandleId> late = new HashSet<>(); // may have more ticks than are added
    private final Set<Long> taken = new HashSet<>(); // opening times, of the rows that may change
    private long closedUntil = Long.MIN_VALUE;
    private long changesSeen;
    private @Nullable Candle nextRow; // null after the last row

    OfInterval(ComputedInterval kept, Iterator<Candle> rows) {
      this.kept = kept;
      this.rows = rows;
      this.nextRow = next();
    }

    /** Returns whether a candle began. */
    boolean fold(Tick tick, boolean isAwaited) {
      CandleId id = new CandleId(kept.interval(), kept.interval().openTime(tick.eventTime()));
      boolean isNew = false;
      if (isBeyondLateness(id) && !(isAwaited && awaited.mayBelongTo(id))) {
        markLate(id, tick);
      } else {
        OpenCandle candle = open.get(id.openTime());
        isNew = candle == null;
        if (candle == null) {
          candle = new OpenCandle(id);
          open.put(id.openTime(), candle);
          if (mayBeMissing) {
            matched.put(id.openTime(), row(id) == null);
          }
        }
        candle.add(tick);
        if (mayBeMissing && !matched.getOrDefault(id.openTime(), false)) {
          matched.put(id.openTime(), isAsRow(candle));
        }
      }
      return isNew;
    }

    private boolean isBeyondLateness(CandleId id) {
      return newest - kept.latenessMs() >= id.end();
    }

    /** Counts as the job does. Those that are closed, but not compared yet, are not among them. */
    long openCandles() {
      return open.values().stream()
          .map(OpenCandle::id)
          .filter(id -> !isBeyondLateness(id) || awaited.mayBelongTo(id))
          .count();
    }

    void addUncertain(Tick tick) {
      markUncertain(new CandleId(kept.interval(), kept.interval().openTime(tick.eventTime())));
    }

    /**
     * Handles a late tick. By receipt a tick may be late that is not late in the topic, and the
     * reverse.
     */
    private void markLate(CandleId id, Tick tick) {
      if (!isInTopicOrder || mayHaveBeenAwaited(tick)) {
        markUncertain(id);
      }
    }

    private void markUncertain(CandleId id) {
      if (findings.remove(FindingKind.WRONG_CANDLE, object(id))) {
        checked--;
        notChecked++;
      } else {
        late.add(id);
      }
    }

    /** Compares the candles that no tick after this event time can change. */
    void closeAsOf(long eventTime) {
      if (eventTime == Long.MIN_VALUE) {
        return; // there is no such tick yet
      }
      long until = kept.interval().openTime(eventTime - kept.latenessMs());
      if (until == closedUntil && awaited.changes() == changesSeen) {
        return;
      }
      closedUntil = until;
      changesSeen = awaited.changes();
      Iterator<OpenCandle> ended =
          open.headMap(until - kept.interval().millis(), true).values().iterator();
      while (ended.hasNext()) {
        OpenCandle candle = ended.next();
        if (!awaited.mayBelongTo(candle.id())) {
          ended.remove();
          compare(candle, takeRow(candle.id()));
          reportRowsBefore(candle.id());
        }
      }
    }

    /** Reports rows of earlier candles, if they are closed as well. They have no tick. */
    private void reportRowsBefore(CandleId closed) {
      rowsRead
          .headMap(closed.openTime(), false)
          .values()
          .removeIf(
              row -> {
                boolean isClosed = !awaited.mayBelongTo(id(row));
                if (isClosed) {
                  reportWithoutTick(row);
                }
                return isClosed;
              });
    }

    /** Remembers which open candles equal their rows. The job may lack the ticks that follow. */
    void match() {
      open.forEach((openTime, candle) -> matched.put(openTime, isAsRow(candle)));
    }

    void forgetMatches() {
      matched.clear();
      closeAsOf(surelyNewest);
    }

    private boolean isAsRow(OpenCandle candle) {
      return isAsRow(candle, row(candle.id()));
    }

    private boolean isAsRow(OpenCandle candle, @Nullable Candle row) {
      return row != null && candle.candle().differences(row, isInTopicOrder).isEmpty();
    }

    void finish() {
      for (OpenCandle candle : open.values()) {
        CandleId id = candle.id();
        Candle row = takeRow(id);
        if (late.contains(id) || (mayBeMissing && !openRows.areComparable())) {
          notChecked += isAudited(id) ? 1 : 0;
        } else if (mayBeMissing && matched.getOrDefault(id.openTime(), false)) {
          checked += isAudited(id) ? 1 : 0;
        } else if (mayHaveChanged(id) && !isAsRow(candle, row)) {
          notChecked += isAudited(id) ? 1 : 0;
        } else {
          compare(candle, row);
        }
      }
      while (nextRow != null) {
        readRow(nextRow);
      }
      rowsRead.values().stream()
          .filter(row -> !openRows.holds(id(row)) && !mayHaveChanged(id(row)))
          .forEach(this::reportWithoutTick);
      openRows.candles().getOrDefault(kept.interval().name(), Map.of()).values().stream()
          .filter(row -> openRows.areComparable())
          .filter(row -> openRows.holds(id(row)) && !taken.contains(row.openTime()))
          .forEach(this::reportWithoutTick);
    }

    /**
     * Whether the row may have been read after a repair that is not known. The rows that may change
     * were read in time only for candles within the lateness.
     */
    private boolean mayHaveChanged(CandleId id) {
      return openRows.openFrom().containsKey(kept.interval().name())
          && !openRows.holds(id)
          && awaited.mayBelongTo(id);
    }

    private CandleId id(Candle row) {
      return new CandleId(kept.interval(), row.openTime());
    }

    private void reportWithoutTick(Candle row) {
      CandleId id = id(row);
      if (isAudited(id) && late.contains(id)) {
        notChecked++;
      } else if (isAudited(id)) {
        checked++;
        report(id, "there is a row, but no tick belongs to it", List.of("candles: " + row));
      }
    }

    private void compare(OpenCandle ticks, @Nullable Candle row) {
      CandleId id = ticks.id();
      if (!isAudited(id)) {
        return;
      }
      if (late.contains(id)) {
        notChecked++;
        return;
      }
      checked++;
      Candle expected = ticks.candle();
      if (row == null) {
        report(id, "there is no row", List.of("recomputed: " + expected));
        return;
      }
      List<String> differences = expected.differences(row, isInTopicOrder);
      if (!differences.isEmpty()) {
        report(
            id,
            String.join(", ", differences),
            List.of(
                "candles: " + row,
                "recomputed from " + ticks.ticks() + " ticks: " + expected,
                "the first of them: " + ticks.first(),
                "the last of them: " + ticks.last()));
      }
    }

    private void report(CandleId id, String what, List<String> trace) {
      findings.add(FindingKind.WRONG_CANDLE, object(id), 1, id + ": " + what, () -> trace);
    }

    private String object(CandleId id) {
      return id.toString();
    }

    private boolean isAudited(CandleId id) {
      return rules.isAudited(id) && kept.covers(id) && id.openTime() >= ticksKnownFrom;
    }

    /** The row of a candle; null if there is none. */
    private @Nullable Candle row(CandleId id) {
      if (openRows.holds(id)) {
        return openRows.candle(id);
      }
      readRowsTo(id.openTime());
      return rowsRead.get(id.openTime());
    }

    private @Nullable Candle takeRow(CandleId id) {
      Candle row = row(id);
      rowsRead.remove(id.openTime());
      if (openRows.holds(id)) {
        taken.add(id.openTime());
      }
      return row;
    }

    private void readRowsTo(long openTime) {
      while (nextRow != null && nextRow.openTime() <= openTime) {
        readRow(nextRow);
      }
    }

    private void readRow(Candle row) {
      rowsRead.put(row.openTime(), row);
      nextRow = next();
    }

    private @Nullable Candle next() {
      return rows.hasNext() ? rows.next() : null;
    }
  }
}
