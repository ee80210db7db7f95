package io.marketstream.spark.candle;

import io.marketstream.model.CandleInterval;
import io.marketstream.spark.record.Tick;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One symbol's ticks, folded in topic order into its candles and its newest tick. What comes out is
 * a function of the sequence of ticks alone: not of how it was cut into batches, nor of any clock.
 *
 * <p>Not thread-safe; lives for one batch, between {@link SymbolFoldCodec} reading and writing it.
 */
public final class SymbolFold {
  final SeenSessions sessions;
  final TreeMap<Long, TreeMap<Long, OpenCandle>> candlesByMillis;
  LatestTick latest;
  long newestEventTime;

  private final FoldRules rules;
  private final FoldCounts counts = new FoldCounts();
  private boolean latestChanged;

  /** The fold of a symbol that has had no tick yet. */
  public SymbolFold(FoldRules rules) {
    this(rules, new SeenSessions(), Long.MIN_VALUE, null, new TreeMap<>());
  }

  SymbolFold(
      FoldRules rules,
      SeenSessions sessions,
      long newestEventTime,
      LatestTick latest,
      TreeMap<Long, TreeMap<Long, OpenCandle>> candlesByMillis) {
    this.rules = rules;
    this.sessions = sessions;
    this.newestEventTime = newestEventTime;
    this.latest = latest;
    this.candlesByMillis = candlesByMillis;
  }

  /** Takes the next tick of the symbol in topic order. */
  public void add(Tick tick) {
    switch (sessions.see(tick.session(), tick.sequence())) {
      case DUPLICATE -> counts.countDuplicate();
      case LATE -> counts.countForgotten();
      case NEW -> fold(tick);
    }
  }

  private void fold(Tick tick) {
    counts.countFolded();
    newestEventTime = Math.max(newestEventTime, tick.eventTime());
    LatestTick newer = LatestTick.newerOf(latest, tick);
    latestChanged |= newer != latest;
    latest = newer;

    if (!rules.conditions().areKnown(tick.conditions())) {
      counts.countUnknownCondition();
    }
    TradeConditions.Permission permission = rules.conditions().permission(tick.conditions());
    BigDecimal price = new BigDecimal(tick.price());
    BigDecimal size = tick.volume() == null ? BigDecimal.ZERO : new BigDecimal(tick.volume());
    boolean late = false;
    for (CandleInterval interval : rules.intervals()) {
      long openTime = interval.openTime(tick.eventTime());
      if (isClosed(openTime + interval.millis())) {
        late = true;
      } else {
        candlesByMillis
            .computeIfAbsent(interval.millis(), millis -> new TreeMap<>())
            .computeIfAbsent(openTime, start -> new OpenCandle())
            .add(tick, price, size, permission);
      }
    }
    if (late) {
      counts.countLate();
    }
  }

  private boolean isClosed(long end) {
    return watermark() >= end;
  }

  /**
   * The symbol's newest event time less the lateness, epoch ms: candles that end by then are
   * closed. Of a fold that has had a tick.
   */
  public long watermark() {
    return newestEventTime - rules.latenessMs();
  }

  /** How many candles ticks may still change, of all intervals together. */
  public int openCandles() {
    return candlesByMillis.values().stream().mapToInt(TreeMap::size).sum();
  }

  /**
   * The candles that changed since the fold was read, in the order of the options and of their
   * start. Candles that have closed are forgotten hereafter.
   */
  public List<Candle> takeChangedCandles(String source, String symbol) {
    List<Candle> changed = new ArrayList<>();
    for (CandleInterval interval : rules.intervals()) {
      TreeMap<Long, OpenCandle> open = candlesByMillis.get(interval.millis());
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
      open.keySet().removeIf(openTime -> isClosed(openTime + interval.millis()));
    }
    return changed;
  }

  /** The newest tick if it is another one than when the fold was read, else null. */
  public LatestTick takeChangedLatest() {
    LatestTick changed = latestChanged ? latest : null;
    latestChanged = false;
    return changed;
  }

  /** What was counted since the fold was read. */
  public FoldCounts counts() {
    return counts;
  }
}
