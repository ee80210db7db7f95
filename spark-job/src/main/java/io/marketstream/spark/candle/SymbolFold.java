package io.marketstream.spark.candle;

import io.marketstream.model.CandleInterval;
import io.marketstream.model.TickOrigin;
import io.marketstream.spark.record.Tick;
import io.marketstream.spark.record.TradeIds;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Folds the ticks of one symbol, in topic order, into its candles and its latest tick.
 *
 * <p>The result depends only on the sequence of ticks. It does not depend on batches or clocks.
 *
 * <p>Not thread-safe. A fold exists for one batch: {@link SymbolFoldCodec} reads it before the
 * batch and writes it after the batch.
 */
public final class SymbolFold {
  /**
   * Maximum number of open candles while ids are missing, of all intervals together. The options of
   * the job allow 500 without missing ids.
   */
  static final int MAX_OPEN_CANDLES = 1_000;

  final SeenSessions sessions;
  final CountedIds ids;
  final IdHoles holes;
  final NavigableMap<Long, NavigableMap<Long, OpenCandle>> candlesByMillis;
  @Nullable LatestTick latest;
  long newestEventTime;

  private final FoldRules rules;
  private final FoldCounts counts = new FoldCounts();
  private boolean latestChanged;

  /** Creates the fold of a symbol without ticks. */
  public SymbolFold(FoldRules rules) {
    this(
        rules,
        new SeenSessions(),
        new CountedIds(),
        new IdHoles(),
        Long.MIN_VALUE,
        null,
        new TreeMap<>());
  }

  SymbolFold(
      FoldRules rules,
      SeenSessions sessions,
      CountedIds ids,
      IdHoles holes,
      long newestEventTime,
      @Nullable LatestTick latest,
      NavigableMap<Long, NavigableMap<Long, OpenCandle>> candlesByMillis) {
    this.rules = rules;
    this.sessions = sessions;
    this.ids = ids;
    this.holes = holes;
    this.newestEventTime = newestEventTime;
    this.latest = latest;
    this.candlesByMillis = candlesByMillis;
  }

  /** Adds the next tick of the symbol, in topic order. */
  public void add(Tick tick) {
    if (tick.origin() == TickOrigin.REPAIR && tick.order().tradeNumber() != TradeIds.NO_NUMBER) {
      // Its id reveals a repeated record. Its sequence is the trade id, and repairs come in any
      // order, so the highest sequence of the session does not.
      addTrade(tick);
      return;
    }
    switch (sessions.add(tick.session(), tick.sequence())) {
      case DUPLICATE -> counts.countDuplicate();
      case FORGOTTEN -> counts.countForgotten();
      case NEW -> addTrade(tick);
    }
  }

  /** Adds a tick that is not a repeated record. Its trade may have been counted all the same. */
  private void addTrade(Tick tick) {
    long id = TradeIds.number(tick.tradeId());
    long highestId = ids.highest();
    if (isStartedOver(tick, id, highestId)) {
      ids.startOver();
      holes.giveUpAll();
      highestId = TradeIds.NO_NUMBER;
    }
    switch (ids.add(id)) {
      case DUPLICATE -> counts.countDuplicate();
      case FORGOTTEN -> counts.countForgotten();
      case NEW -> fold(tick, id, highestId);
    }
  }

  /**
   * Whether the venue has started its numbers over with a tick. Ids rise with time, so a trade that
   * is newer than all others has a higher id, or one that is missing. Without this rule the highest
   * id would stay that of the old numbers, and no hole in the new ones would be noticed.
   */
  private boolean isStartedOver(Tick tick, long id, long highestId) {
    return id != TradeIds.NO_NUMBER
        && highestId != TradeIds.NO_NUMBER
        && id <= highestId
        && tick.eventTime() > newestEventTime
        && !holes.contains(id);
  }

  /**
   * @param id the number of the trade id, or {@link TradeIds#NO_NUMBER}
   * @param highestId the highest id that was counted before, or {@link TradeIds#NO_NUMBER}
   */
  private void fold(Tick tick, long id, long highestId) {
    counts.countFolded();
    long newestBefore = newestEventTime;
    newestEventTime = Math.max(newestEventTime, tick.eventTime());
    LatestTick newer = LatestTick.newerOf(latest, tick);
    latestChanged |= !newer.equals(latest);
    latest = newer;

    if (!rules.conditions().areKnown(tick.conditions())) {
      counts.countUnknownCondition();
    }
    holes.giveUpOld(newestEventTime);
    boolean wasMissing = holes.contains(id);
    boolean isNewCandle = addToCandles(tick, wasMissing);
    if (wasMissing) {
      holes.fill(id, tick.eventTime());
    } else if (highestId != TradeIds.NO_NUMBER && id - 1 > highestId) {
      // No candle of this time was closed before this tick, so none opens again.
      holes.open(highestId + 1, id - 1, newestBefore, newestEventTime);
    }
    holes.giveUpForgotten(ids.lastForgotten());
    while (isNewCandle && !holes.isEmpty() && candlesNotClosed() > MAX_OPEN_CANDLES) {
      holes.giveUpOldest();
    }
  }

  /**
   * Adds the tick to its candle of each interval. A candle that only a hole keeps open takes only
   * trades that were missing. Any other tick is as late as without the hole.
   *
   * @return whether a candle began
   */
  private boolean addToCandles(Tick tick, boolean wasMissing) {
    TradeConditions.Permission permission = rules.conditions().permission(tick.conditions());
    BigDecimal price = new BigDecimal(tick.price());
    BigDecimal size = tick.volume() == null ? BigDecimal.ZERO : new BigDecimal(tick.volume());
    boolean late = false;
    boolean isNewCandle = false;
    for (CandleInterval interval : rules.intervals()) {
      long openTime = interval.openTime(tick.eventTime());
      long end = openTime + interval.millis();
      if (isWithinLateness(end) || (wasMissing && holes.overlap(openTime, end))) {
        NavigableMap<Long, OpenCandle> candles =
            candlesByMillis.computeIfAbsent(interval.millis(), millis -> new TreeMap<>());
        isNewCandle |= !candles.containsKey(openTime);
        candles
            .computeIfAbsent(openTime, start -> new OpenCandle())
            .add(tick, price, size, permission);
      } else {
        late = true;
      }
    }
    if (late) {
      counts.countLate();
    }
    return isNewCandle;
  }

  private boolean isWithinLateness(long end) {
    return end > watermark();
  }

  /** Counts as {@link #openCandles}, without the closed candles that are not taken yet. */
  private int candlesNotClosed() {
    int count = 0;
    for (CandleInterval interval : rules.intervals()) {
      NavigableMap<Long, OpenCandle> candles = candlesByMillis.get(interval.millis());
      if (candles == null) {
        continue;
      }
      long lastBeyondLateness = watermark() - interval.millis();
      count += candles.tailMap(lastBeyondLateness, false).size();
      long countedTo = Long.MIN_VALUE;
      for (IdHoles.Hole hole : holes.inOrder()) {
        long from = Math.max(interval.openTime(hole.from()), countedTo);
        long to = Math.min(hole.to(), lastBeyondLateness);
        if (from <= to) {
          count += candles.subMap(from, true, to, true).size();
          countedTo = to + 1;
        }
      }
    }
    return count;
  }

  /**
   * Returns the watermark: the newest event time of the symbol minus the lateness, epoch ms.
   * Candles that end by then are closed, unless trades of their time are missing. Only for a fold
   * that has ticks.
   */
  public long watermark() {
    return newestEventTime - rules.latenessMs();
  }

  private boolean isClosed(long openTime, long end) {
    return !isWithinLateness(end) && !holes.overlap(openTime, end);
  }

  /** Returns the number of open candles, of all intervals together. */
  public int openCandles() {
    return candlesByMillis.values().stream().mapToInt(Map::size).sum();
  }

  /**
   * Returns the candles that have changed since the fold was read, by interval and start. Then
   * removes the candles that are closed.
   */
  public List<Candle> takeChangedCandles(String source, String symbol) {
    List<Candle> changed = new ArrayList<>();
    for (CandleInterval interval : rules.intervals()) {
      NavigableMap<Long, OpenCandle> open = candlesByMillis.get(interval.millis());
      if (open == null) {
        continue;
      }
      for (Map.Entry<Long, OpenCandle> entry : open.entrySet()) {
        OpenCandle candle = entry.getValue();
        if (candle.isChanged()) {
          changed.add(
              candle.toCandle(
                  source,
                  symbol,
                  interval.name(),
                  entry.getKey(),
                  entry.getKey() + interval.millis() + rules.latenessMs()));
        }
      }
      open.keySet().removeIf(openTime -> isClosed(openTime, openTime + interval.millis()));
    }
    return changed;
  }

  /** Returns the latest tick if it has changed since the fold was read, else null. */
  public @Nullable LatestTick takeChangedLatest() {
    LatestTick changed = latestChanged ? latest : null;
    latestChanged = false;
    return changed;
  }

  /** Returns the counts since the fold was read. */
  public FoldCounts counts() {
    return counts;
  }
}
