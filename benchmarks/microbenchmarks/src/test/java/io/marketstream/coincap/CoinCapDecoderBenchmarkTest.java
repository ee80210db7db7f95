package io.marketstream.coincap;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.protocol.FeedEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoinCapDecoderBenchmarkTest {

  @Test
  void everyFrameGivesThePricesOfTwentyAssets() {
    CoinCapDecoderBenchmark scanning = prepared();
    CoinCapDecoderBenchmark parsing = prepared();
    for (String frame : prepared().frames) {
      List<FeedEvent> events = parsing.parser();
      assertThat(events)
          .hasSize(20)
          .extracting(event -> ((FeedEvent.Tick) event).symbol())
          .isEqualTo(CoinCapDecoderBenchmark.ASSETS);
      assertThat(frame).contains("\"bitcoin\":\"" + ((FeedEvent.Tick) events.get(0)).price());
      assertThat(scanning.scanner()).isEqualTo(events);
    }
  }

  @Test
  void theScannerReadsEveryFrame() {
    AssetNames names = new AssetNames(asset -> true);
    for (String frame : prepared().frames) {
      assertThat(PriceScanner.scan(frame, names, 0)).hasSize(20);
    }
  }

  private static CoinCapDecoderBenchmark prepared() {
    CoinCapDecoderBenchmark benchmark = new CoinCapDecoderBenchmark();
    benchmark.makeFrames();
    return benchmark;
  }
}
