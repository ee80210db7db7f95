package io.marketstream.finnhub;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.microbenchmarks.SampleTrade;
import java.util.List;
import org.junit.jupiter.api.Test;

class FinnhubDecoderBenchmarkTest {

  private static FinnhubDecoderBenchmark prepared() {
    FinnhubDecoderBenchmark benchmark = new FinnhubDecoderBenchmark();
    benchmark.makeFrames();
    return benchmark;
  }

  @Test
  void bothWaysGiveTheTradesOfTheMessage() {
    FinnhubDecoderBenchmark scanning = prepared();
    FinnhubDecoderBenchmark parsing = prepared();
    for (List<SampleTrade> message : SampleTrade.messages(100)) {
      List<FeedEvent> trades = message.stream().<FeedEvent>map(trade -> trade.toEvent()).toList();
      assertThat(trades).hasSize(10);
      assertThat(scanning.scanner()).isEqualTo(trades);
      assertThat(parsing.parser()).isEqualTo(trades);
    }
  }

  @Test
  void theScannerReadsEveryFrame() {
    FinnhubSymbols symbols = new FinnhubSymbols(SampleTrade.symbols());
    TradeScanner.KnownTexts known = new TradeScanner.KnownTexts();
    for (String frame : prepared().frames) {
      assertThat(TradeScanner.scan(frame, symbols, known, SampleTrade.RECEIVED_AT)).hasSize(10);
    }
  }
}
