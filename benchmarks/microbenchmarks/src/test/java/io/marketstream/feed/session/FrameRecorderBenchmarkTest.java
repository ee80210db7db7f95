package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.microbenchmarks.SampleTrade;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameRecorderBenchmarkTest {

  @Test
  void theTicksOfAMessageAreNumberedPerSymbol() {
    FrameRecorderBenchmark benchmark = new FrameRecorderBenchmark();
    benchmark.openSession();
    Map<String, Long> numbers = new HashMap<>();
    for (List<SampleTrade> message : SampleTrade.messages(100)) {
      List<MarketTick> expected = new ArrayList<>();
      for (SampleTrade trade : message) {
        expected.add(trade.toTick(numbers.merge(trade.symbol(), 1L, Long::sum) - 1));
      }
      assertThat(benchmark.number())
          .hasSize(10)
          .extracting(entry -> ((BufferEntry.Tick) entry).tick())
          .isEqualTo(expected);
    }
  }
}
