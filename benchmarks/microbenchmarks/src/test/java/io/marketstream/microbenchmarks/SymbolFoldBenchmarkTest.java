package io.marketstream.microbenchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.spark.candle.Candle;
import io.marketstream.spark.candle.SymbolFold;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.infra.Blackhole;

class SymbolFoldBenchmarkTest {
  private static final String NOT_THE_RUNNER =
      "Today's password is swordfish. I understand instantiating Blackholes directly is dangerous.";

  private final SymbolFoldBenchmark benchmark = new SymbolFoldBenchmark();
  private final Blackhole blackhole = new Blackhole(NOT_THE_RUNNER);

  @BeforeEach
  void prepare() {
    benchmark.foldTicksBefore();
  }

  @Test
  void everyTickOfTheLongBatchIsInACandle() {
    for (int symbol = 0; symbol < 3; symbol++) {
      assertThat(benchmark.fold(blackhole)).extracting(Candle::trades).containsExactly(600L, 400L);
    }
  }

  @Test
  void theShortBatchMovesTheStateOnByTwentyTicks() {
    for (int symbol = 0; symbol < 3; symbol++) {
      SymbolFold after = benchmark.decode(benchmark.batchOfTwenty(blackhole));
      assertThat(after.openCandles()).isEqualTo(3);
      assertThat(after.watermark()).isEqualTo(SampleTrade.SESSION + (4_200 + 19) * 50L - 120_000);
    }
  }
}
