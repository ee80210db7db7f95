package io.marketstream.feed.session;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.ledger.TickNumbering;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.microbenchmarks.SampleTrade;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The ten ticks of a frame get their numbers. An operation is one tick. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameRecorderBenchmark {
  private static final int FRAMES = 1 << 10;

  private final List<List<FeedEvent>> frames = new ArrayList<>(FRAMES);
  private TickNumbering numbering;
  private FrameRecorder recorder;
  private int next;

  @Setup
  public void openSession() {
    numbering = new TickNumbering(0);
    numbering.openSession(SampleTrade.SESSION);
    recorder =
        new FrameRecorder(
            "finnhub", numbering, new FeedMetrics(System::nanoTime), UnaryOperator.identity());
    for (List<SampleTrade> message : SampleTrade.messages(FRAMES)) {
      List<FeedEvent> events = new ArrayList<>(SampleTrade.PER_FRAME);
      message.forEach(trade -> events.add(trade.toEvent()));
      frames.add(events);
    }
  }

  /** From the events of a frame to the entries of the buffer, and the commit of their numbers. */
  @Benchmark
  @OperationsPerInvocation(SampleTrade.PER_FRAME)
  public List<BufferEntry> number() {
    List<BufferEntry> entries =
        recorder.record(frames.get(next++ & (FRAMES - 1)), SampleTrade.RECEIVED_AT);
    numbering.commit(SampleTrade.RECEIVED_AT, next);
    return entries;
  }
}
