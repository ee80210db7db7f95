package io.marketstream.microbenchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConverterBenchmarkTest {

  @Test
  void bothConvertersWriteTheSameBytesForEveryTick() {
    ConverterBenchmark flat = prepared();
    ConverterBenchmark kafkas = prepared();
    for (SampleTrade trade : SampleTrade.list(ConverterBenchmark.TICKS)) {
      byte[] json = flat.flatJsonConverter();
      assertThat(new String(json, StandardCharsets.UTF_8))
          .contains("\"price\":\"" + trade.price() + "\"", "\"event_time\":" + trade.time());
      assertThat(kafkas.jsonConverter()).isEqualTo(json);
    }
  }

  private static ConverterBenchmark prepared() {
    ConverterBenchmark benchmark = new ConverterBenchmark();
    benchmark.makeTicks();
    return benchmark;
  }
}
