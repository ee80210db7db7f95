package io.marketstream.spark.candle;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.CandleInterval;
import io.marketstream.spark.record.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests what the fold guarantees for any topic. Each round has its own seed, which a failure names.
 * {@code -Dmarketstream.seed=N} runs only the round with that seed.
 */
class SymbolFoldPropertyTest {
  private static final int ROUNDS = 24;
  private static final int TICKS = 400;
  private static final long LATENESS = 120_000;
  private static final Map<String, Long> INTERVALS =
      Map.of("10s", 10_000L, "1m", 60_000L, "1h", 3_600_000L);

  private final FoldRules rules =
      new FoldRules(
          List.of("10s", "1m", "1h").stream().map(CandleInterval::parse).toList(),
          LATENESS,
          TradeConditions.finnhub());
  private final SymbolFoldCodec codec = new SymbolFoldCodec(rules);

  static List<Long> seeds() {
    Long given = Long.getLong("marketstream.seed");
    if (given != null) {
      return List.of(given);
    }
    long first = 20261123L;
    System.out.println(
        "SymbolFoldPropertyTest seeds " + first + " and the " + (ROUNDS - 1) + " after it");
    List<Long> seeds = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      seeds.add(first + i);
    }
    return seeds;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyBatchesGiveTheCandlesOfARecomputation(long seed) {
    TickGenerator generator = new TickGenerator(seed);
    List<Tick> topic = generator.ticks(TICKS);
    PlainRecomputation plain = new PlainRecomputation(topic, INTERVALS, LATENESS);

    Folded folded = fold(generator.batches(topic));

    // Compares records, so that a BigDecimal with another scale counts as a difference.
    assertThat(folded.candles).isEqualTo(plain.candles());
    assertThat(folded.latest.tick()).isEqualTo(plain.newest());
    assertThat(folded.duplicates).isEqualTo(plain.duplicates).isPositive();
    assertThat(folded.late).isEqualTo(plain.late).isPositive();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anotherCutLeavesTheSameStateAndWriteTimes(long seed) {
    TickGenerator generator = new TickGenerator(seed);
    List<Tick> topic = generator.ticks(TICKS);

    Folded one = fold(generator.batches(topic));
    Folded other = fold(generator.batches(topic));

    assertThat(one.state).isEqualTo(other.state);
    assertThat(one.latest).isEqualTo(other.latest);
    assertThat(one.candles).isEqualTo(other.candles);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void repeatingTheTopicAddsOnlyDuplicates(long seed) {
    TickGenerator generator = new TickGenerator(seed);
    List<Tick> topic = generator.ticks(TICKS);
    SymbolFold fold = new SymbolFold(rules);
    topic.forEach(fold::add);
    fold.takeChangedCandles("finnhub", "AAPL");
    byte[] before = codec.encode(fold);

    SymbolFold again = codec.decode(before);
    topic.forEach(again::add);

    assertThat(again.counts().ticks()).isZero();
    assertThat(again.takeChangedCandles("finnhub", "AAPL")).isEmpty();
    assertThat(again.takeChangedLatest()).isNull();
    assertThat(codec.encode(again)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theWriteTimeOfTheLatestTickGrows(long seed) {
    SymbolFold fold = new SymbolFold(rules);
    LatestTick before = null;
    for (Tick tick : new TickGenerator(seed).ticks(TICKS)) {
      fold.add(tick);
      LatestTick latest = fold.takeChangedLatest();
      if (latest != null && before != null) {
        assertThat(latest.tick().order()).isGreaterThan(before.tick().order());
        assertThat(latest.writeTime()).isGreaterThan(before.writeTime());
        assertThat(latest.writeTime()).isGreaterThanOrEqualTo(latest.tick().eventTime() * 1000);
      }
      before = latest == null ? before : latest;
    }
    assertThat(before).isNotNull();
  }

  /** Cassandra keeps the row of the greatest write time, in whatever order rows arrive. */
  @ParameterizedTest
  @MethodSource("seeds")
  void theWriteTimeOfACandleGrowsWithEveryChange(long seed) {
    TickGenerator generator = new TickGenerator(seed);
    SymbolFold fold = new SymbolFold(rules);
    Map<String, Long> writeTimes = new TreeMap<>();
    for (List<Tick> batch : generator.batches(generator.ticks(TICKS))) {
      batch.forEach(fold::add);
      for (Candle candle : fold.takeChangedCandles("finnhub", "AAPL")) {
        Long before =
            writeTimes.put(
                PlainRecomputation.key(candle.interval(), candle.openTime()), candle.writeTime());
        assertThat(candle.writeTime()).isGreaterThan(before == null ? 0 : before);
      }
    }
    assertThat(writeTimes).isNotEmpty();
  }

  /** The tables do not show by which way the trades of a venue came, or how often. */
  @ParameterizedTest
  @MethodSource("seeds")
  void repairsAndRepetitionsGiveTheCandlesOfThePlainSequence(long seed) {
    TickGenerator generator = new TickGenerator(seed);
    List<Tick> plain = generator.trades(TICKS);
    List<Tick> topic = generator.withRepairs(plain);
    assertThat(topic.size()).isGreaterThan(plain.size());

    Folded expected = fold(generator.batches(plain));
    Folded folded = fold(generator.batches(topic));

    assertThat(folded.candles).isEqualTo(expected.candles);
    assertThat(folded.latest.tick().tradeId()).isEqualTo(expected.latest.tick().tradeId());
    assertThat(folded.duplicates).isEqualTo(topic.size() - plain.size());
    assertThat(folded.late).isZero();
  }

  /** An outage that is repaired hours later leaves no trace in the candles. */
  @ParameterizedTest
  @MethodSource("seeds")
  void outagesThatAreRepairedLeaveTheCandlesOfThePlainSequence(long seed) {
    TickGenerator generator = new TickGenerator(seed);
    List<Tick> plain = generator.overHours(generator.trades(TICKS));
    List<Tick> topic = generator.withOutages(plain);
    assertThat(topic).hasSameSizeAs(plain).isNotEqualTo(plain);

    Folded expected = fold(List.of(plain));
    Folded folded = fold(generator.batches(topic));
    Folded eachAlone = fold(topic.stream().map(List::of).toList());

    assertThat(folded.candles).isEqualTo(expected.candles);
    assertThat(folded.latest.tick().tradeId()).isEqualTo(expected.latest.tick().tradeId());
    assertThat(folded.late).isZero();
    assertThat(eachAlone.candles).isEqualTo(expected.candles);
    assertThat(eachAlone.state).isEqualTo(folded.state);
  }

  /** The ids of these ticks follow no rule. Only the order of the topic may matter. */
  @ParameterizedTest
  @MethodSource("seeds")
  void anyIdsGiveTheCandlesOfARecomputationInAnyBatches(long seed) {
    TickGenerator generator = new TickGenerator(seed);
    List<Tick> topic = generator.withIrregularIds(generator.ticks(TICKS));
    PlainRecomputation plain = new PlainRecomputation(topic, INTERVALS, LATENESS);

    Folded folded = fold(generator.batches(topic));
    Folded eachAlone = fold(topic.stream().map(List::of).toList());

    assertThat(folded.candles).isEqualTo(plain.candles());
    assertThat(folded.latest.tick()).isEqualTo(plain.newest());
    assertThat(folded.duplicates).isEqualTo(plain.duplicates).isPositive();
    assertThat(folded.late).isEqualTo(plain.late).isPositive();
    assertThat(eachAlone.candles).isEqualTo(folded.candles);
    assertThat(eachAlone.state).isEqualTo(folded.state);
    assertThat(eachAlone.latest).isEqualTo(folded.latest);
    assertThat(eachAlone.late).isEqualTo(folded.late);
  }

  /** The content of the tables after all batches, with a restart before each. */
  private Folded fold(List<List<Tick>> batches) {
    Folded folded = new Folded();
    for (List<Tick> batch : batches) {
      SymbolFold fold = folded.state == null ? new SymbolFold(rules) : codec.decode(folded.state);
      batch.forEach(fold::add);
      for (Candle candle : fold.takeChangedCandles("finnhub", "AAPL")) {
        folded.candles.put(PlainRecomputation.key(candle.interval(), candle.openTime()), candle);
      }
      LatestTick latest = fold.takeChangedLatest();
      folded.latest = latest == null ? folded.latest : latest;
      folded.duplicates += fold.counts().duplicates();
      folded.late += fold.counts().late();
      folded.state = codec.encode(fold);
    }
    return folded;
  }

  private static final class Folded {
    private final Map<String, Candle> candles = new TreeMap<>();
    private byte[] state;
    private LatestTick latest;
    private long duplicates;
    private long late;
  }
}
