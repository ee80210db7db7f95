package io.marketstream.feed.task;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.ledger.InFlightBatches;
import io.marketstream.feed.record.TopicNames;
import io.marketstream.microbenchmarks.SampleTrade;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Polls that return a hundred ticks each. An operation is one tick. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SourceRecordsBenchmark {
  static final int PER_POLL = 100;
  private static final int POLLS = 1 << 6;

  private final List<FeedBuffer.Drained> polls = new ArrayList<>(POLLS);
  private final InFlightBatches acknowledged = new InFlightBatches();
  private SourceRecords records;
  private int next;

  @Setup
  public void fillPolls() {
    records =
        new SourceRecords(
            new TopicNames("finnhub", "ticks", "gaps", "rejected", "heartbeats"),
            SampleTrade.symbols().get(0),
            Map.of(),
            false,
            new SourceOffsets(false, Map.of()),
            acknowledged,
            null);
    List<SampleTrade> trades = SampleTrade.list(POLLS * PER_POLL);
    for (int poll = 0; poll < POLLS; poll++) {
      List<BufferEntry> entries = new ArrayList<>(PER_POLL);
      for (int i = poll * PER_POLL; i < (poll + 1) * PER_POLL; i++) {
        entries.add(new BufferEntry.Tick(trades.get(i).toTick(i)));
      }
      polls.add(new FeedBuffer.Drained(entries, Long.MAX_VALUE, List.of()));
    }
  }

  /**
   * From the entries of the buffer to the records that {@code poll} returns, and their
   * acknowledgement. Values and offsets make their fields only when somebody asks, and nobody does
   * so here.
   */
  @Benchmark
  @OperationsPerInvocation(PER_POLL)
  public List<SourceRecord> poll() {
    List<SourceRecord> polled = records.of(polls.get(next++ & (POLLS - 1)), null, 0);
    polled.forEach(SourceRecords::acknowledge);
    return polled;
  }

  /** How many polls have records that are not acknowledged. */
  int inFlight() {
    return acknowledged.size();
  }
}
