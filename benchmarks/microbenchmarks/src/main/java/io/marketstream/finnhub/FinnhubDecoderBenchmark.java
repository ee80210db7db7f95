package io.marketstream.finnhub;

import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.microbenchmarks.SampleTrade;
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

/** Messages of Finnhub's with ten trades each, of 50 symbols. An operation is one trade. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FinnhubDecoderBenchmark {
  private static final int FRAMES = 1 << 10;

  final String[] frames = new String[FRAMES];
  private FinnhubDecoder decoder;
  private int next;

  @Setup
  public void makeFrames() {
    decoder = new FinnhubDecoder(SampleTrade.symbols());
    List<List<SampleTrade>> messages = SampleTrade.messages(FRAMES);
    for (int i = 0; i < FRAMES; i++) {
      frames[i] = SampleTrade.finnhubFrame(messages.get(i));
    }
  }

  /** As the connector decodes: {@link TradeScanner} reads these frames. */
  @Benchmark
  @OperationsPerInvocation(SampleTrade.PER_FRAME)
  public List<FeedEvent> scanner() {
    return decoder.decode(frame(), SampleTrade.RECEIVED_AT);
  }

  /** With the JSON parser, as the connector decodes frames that the scanner leaves to it. */
  @Benchmark
  @OperationsPerInvocation(SampleTrade.PER_FRAME)
  public List<FeedEvent> parser() {
    return decoder.parse(frame(), SampleTrade.RECEIVED_AT);
  }

  private String frame() {
    return frames[next++ & (FRAMES - 1)];
  }
}
