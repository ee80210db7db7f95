package io.marketstream.spark.stream;

import io.marketstream.model.CandleInterval;
import io.marketstream.spark.candle.Candle;
import io.marketstream.spark.candle.FoldCounts;
import io.marketstream.spark.candle.FoldRules;
import io.marketstream.spark.candle.FoldedRowCodec;
import io.marketstream.spark.candle.LatestTick;
import io.marketstream.spark.candle.SymbolFold;
import io.marketstream.spark.candle.SymbolFoldCodec;
import io.marketstream.spark.candle.TradeConditions;
import io.marketstream.spark.codec.TickCodec;
import io.marketstream.spark.metrics.BatchCountsAccumulator;
import io.marketstream.spark.metrics.JobCounter;
import io.marketstream.spark.record.Tick;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapGroupsWithStateFunction;
import org.apache.spark.sql.streaming.GroupState;
import org.jspecify.annotations.Nullable;

/**
 * Folds the ticks of one symbol into its state, in the second stage of a batch.
 *
 * <p>It returns the candles that changed and the latest tick if it changed, encoded.
 */
final class FoldSymbol implements FlatMapGroupsWithStateFunction<String, byte[], byte[], byte[]> {
  private static final long serialVersionUID = 1L;

  private final ArrayList<CandleInterval> intervals;
  private final long latenessMs;
  private final BatchCountsAccumulator counters;

  private transient @Nullable FoldRules rules;

  FoldSymbol(List<CandleInterval> intervals, long latenessMs, BatchCountsAccumulator counters) {
    this.intervals = new ArrayList<>(intervals);
    this.latenessMs = latenessMs;
    this.counters = counters;
  }

  @Override
  public Iterator<byte[]> call(String key, Iterator<byte[]> encoded, GroupState<byte[]> state) {
    SymbolFoldCodec codec = new SymbolFoldCodec(rules());
    SymbolFold fold = state.exists() ? codec.decode(state.get()) : new SymbolFold(rules());
    List<Tick> ticks = inTopicOrder(encoded);
    ticks.forEach(fold::add);

    List<byte[]> rows = new ArrayList<>();
    Tick first = ticks.get(0);
    for (Candle candle : fold.takeChangedCandles(first.source(), first.symbol())) {
      rows.add(FoldedRowCodec.encode(candle));
    }
    LatestTick latest = fold.takeChangedLatest();
    if (latest != null) {
      rows.add(FoldedRowCodec.encode(latest));
    }
    state.update(codec.encode(fold));
    count(fold, rows.size());
    return rows.iterator();
  }

  private static List<Tick> inTopicOrder(Iterator<byte[]> encoded) {
    List<Tick> ticks = new ArrayList<>();
    encoded.forEachRemaining(bytes -> ticks.add(TickCodec.decode(bytes)));
    ticks.sort(Comparator.comparing(Tick::at));
    return ticks;
  }

  private void count(SymbolFold fold, int rows) {
    FoldCounts counts = fold.counts();
    counters.add(JobCounter.FOLDED, counts.ticks());
    counters.add(JobCounter.DUPLICATES, counts.duplicates());
    counters.add(JobCounter.LATE, counts.late());
    counters.add(JobCounter.FORGOTTEN, counts.forgotten());
    counters.add(JobCounter.UNKNOWN_CONDITIONS, counts.unknownConditions());
    counters.add(JobCounter.CHANGED, rows);
    counters.add(JobCounter.OPEN_CANDLES, fold.openCandles());
    counters.addWatermark(fold.watermark());
  }

  private FoldRules rules() {
    if (rules == null) {
      rules = new FoldRules(intervals, latenessMs, TradeConditions.finnhub());
    }
    return rules;
  }
}
