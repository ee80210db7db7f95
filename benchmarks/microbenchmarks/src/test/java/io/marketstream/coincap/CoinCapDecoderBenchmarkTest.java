package io.marketstream.coincap;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.protocol.FeedEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoinCapDecoderBenchmarkTest {

  @Test
  void everyFrameGivesThePricesOfTwentyAssets() {
    CoinCapDecoderBenchmark benchmark = new CoinCapDecoderBenchmark();
    benchmark.makeFrames();
    for (String frame : benchmark.frames) {
      List<FeedEvent> events = benchmark.parser();
      assertThat(events)
          .hasSize(20)
          .extracting(event -> ((FeedEvent.Tick) event).symbol())
          .isEqualTo(CoinCapDecoderBenchmark.ASSETS);
      assertThat(frame).contains("\"bitcoin\":\"" + ((FeedEvent.Tick) events.get(0)).price());
    }
  }
}
