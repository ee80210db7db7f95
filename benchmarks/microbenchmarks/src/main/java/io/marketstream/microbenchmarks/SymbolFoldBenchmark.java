package io.marketstream.microbenchmarks;

import io.marketstream.model.CandleInterval;
import io.marketstream.model.TickKind;
import io.marketstream.model.Topics;
import io.marketstream.spark.candle.Candle;
import io.marketstream.spark.candle.FoldRules;
import io.marketstream.spark.candle.FoldedRowCodec;
import io.marketstream.spark.candle.SymbolFold;
import io.marketstream.spark.candle.SymbolFoldCodec;
import io.marketstream.spark.candle.TradeConditions;
import io.marketstream.spark.codec.TickCodec;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.Tick;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The job folds ticks into candles of one minute and the newest tick. An operation is one tick.
 * Each symbol has 20 ticks per second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SymbolFoldBenchmark {
  static final int LONG_BATCH = 1_000;
  static final int SHORT_BATCH = 20;
  static final String SOURCE = "finnhub";

  /** Ticks before each batch: three and a half minutes, so that three candles are open. */
  static final int BEFORE = 4_200;

  private static final int MS_BETWEEN_TICKS = 50;
  private static final int SYMBOLS = 1 << 5;
  private static final long LATENESS_MS = 120_000; // the job's default

  /**
   * A symbol in the middle of a query.
   *
   * @param name of the symbol
   * @param state what the batches before left
   * @param batch its next ticks, as they come out of the shuffle
   */
  @SuppressWarnings("ArrayRecordComponent") // symbols are never compared
  private record Symbol(String name, byte[] state, List<byte[]> batch) {}

  private final FoldRules rules =
      new FoldRules(List.of(CandleInterval.parse("1m")), LATENESS_MS, TradeConditions.finnhub());
  private final SymbolFoldCodec codec = new SymbolFoldCodec(rules);
  private final List<Symbol> symbols = new ArrayList<>(SYMBOLS);
  private final List<List<Tick>> longBatches = new ArrayList<>(SYMBOLS);
  private int next;

  @Setup
  public void foldTicksBefore() {
    int ticksEach = BEFORE + LONG_BATCH;
    List<SampleTrade> trades = SampleTrade.list(SYMBOLS * ticksEach);
    for (int i = 0; i < SYMBOLS; i++) {
      String name = "SYM" + i;
      List<Tick> ticks = ticks(name, trades.subList(i * ticksEach, (i + 1) * ticksEach));
      SymbolFold before = new SymbolFold(rules);
      ticks.subList(0, BEFORE).forEach(before::add);
      before.takeChangedCandles(SOURCE, name);
      before.takeChangedLatest();
      symbols.add(
          new Symbol(
              name,
              codec.encode(before),
              ticks.subList(BEFORE, BEFORE + SHORT_BATCH).stream()
                  .map(TickCodec::encode)
                  .toList()));
      longBatches.add(ticks.subList(BEFORE, ticksEach));
    }
  }

  private static List<Tick> ticks(String symbol, List<SampleTrade> trades) {
    List<Tick> ticks = new ArrayList<>(trades.size());
    for (SampleTrade trade : trades) {
      long sequence = ticks.size();
      long time = SampleTrade.SESSION + sequence * MS_BETWEEN_TICKS;
      ticks.add(
          new Tick(
              new RecordPosition(Topics.TICKS, 0, sequence),
              SOURCE,
              symbol,
              TickKind.TRADE,
              trade.price(),
              trade.volume(),
              trade.conditions(),
              time,
              time + MS_BETWEEN_TICKS,
              SampleTrade.SESSION,
              sequence));
    }
    return ticks;
  }

  /** The fold alone: a thousand ticks of a symbol without state, and the candles they make. */
  @Benchmark
  @OperationsPerInvocation(LONG_BATCH)
  public List<Candle> fold(Blackhole latest) {
    int symbol = next++ & (SYMBOLS - 1);
    SymbolFold fold = new SymbolFold(rules);
    longBatches.get(symbol).forEach(fold::add);
    latest.consume(fold.takeChangedLatest());
    return fold.takeChangedCandles(SOURCE, symbols.get(symbol).name());
  }

  /**
   * A micro-batch with twenty ticks of a symbol, with all bytes that go in and out: its state, its
   * ticks, and the rows that changed. This is what the job does between Spark's operators.
   *
   * @return the new state
   */
  @Benchmark
  @OperationsPerInvocation(SHORT_BATCH)
  public byte[] batchOfTwenty(Blackhole rows) {
    Symbol symbol = symbols.get(next++ & (SYMBOLS - 1));
    SymbolFold fold = codec.decode(symbol.state());
    List<Tick> ticks = new ArrayList<>();
    symbol.batch().forEach(bytes -> ticks.add(TickCodec.decode(bytes)));
    ticks.sort(Comparator.comparing(Tick::at));
    ticks.forEach(fold::add);
    for (Candle candle : fold.takeChangedCandles(SOURCE, symbol.name())) {
      rows.consume(FoldedRowCodec.encode(candle));
    }
    rows.consume(FoldedRowCodec.encode(fold.takeChangedLatest()));
    return codec.encode(fold);
  }

  /** The fold whose state this is. */
  SymbolFold decode(byte[] state) {
    return codec.decode(state);
  }
}
