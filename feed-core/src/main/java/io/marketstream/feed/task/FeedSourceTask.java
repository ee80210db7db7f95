package io.marketstream.feed.task;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.ledger.AcknowledgedUntil;
import io.marketstream.feed.ledger.GapLedger;
import io.marketstream.feed.ledger.RestartGaps;
import io.marketstream.feed.ledger.TickNumbering;
import io.marketstream.feed.metrics.FeedMetric;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.metrics.MetricsBackend;
import io.marketstream.feed.metrics.MetricsBackends;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.GapCause;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.feed.session.FeedSession;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The task of every feed connector. Connect calls {@link #start}, {@link #poll} and {@link #stop}
 * on the task thread, {@link #commitRecord} on that or the producer's.
 */
public abstract class FeedSourceTask extends SourceTask {

  private static final Logger log = LoggerFactory.getLogger(FeedSourceTask.class);
  private static final String NAME = "name"; // the connector's, which Connect hands to its tasks
  private static final int MAX_RECORDS = 4096;
  // Connect asks a task to stop between two polls: this bounds how long it waits.
  private static final Duration MAX_WAIT = Duration.ofSeconds(1);

  private final Clock clock;
  private FeedBuffer buffer;
  private FeedSession session;
  private SourceRecords records;
  private MetricsBackend metrics;

  protected FeedSourceTask() {
    this(Clock.systemUTC());
  }

  /**
   * @param clock what sessions and times of receipt come from; it may step both ways
   */
  protected FeedSourceTask(Clock clock) {
    this.clock = clock;
  }

  /**
   * What the configuration means.
   *
   * @param properties as validated by the connector
   */
  protected abstract FeedSetup setUp(Map<String, String> properties);

  @Override
  public final void start(Map<String, String> properties) {
    FeedSetup setup = setUp(properties);
    Map<String, SourceCursor> stored = storedCursors(setup);
    RestartGaps restart = restartGaps(setup, stored);
    FeedMetrics counts = new FeedMetrics(System::nanoTime);
    buffer = new FeedBuffer(setup.bufferCapacity(), setup.overflowPolicy());
    records = recordsFrom(setup, stored, restart);
    String connector = properties.getOrDefault(NAME, setup.names().source());
    session = sessionFrom(connector, setup, restart, counts);
    metrics = MetricsBackends.of(context, connector);
    metrics.publish(metricsOf(setup, counts));
    announce(restart, counts);
    session.open();
  }

  @Override
  public final List<SourceRecord> poll() throws InterruptedException {
    FeedBuffer.Drained drained = buffer.drain(MAX_RECORDS, MAX_WAIT);
    return drained.entries().isEmpty() ? null : records.of(drained);
  }

  @Override
  public final void commitRecord(SourceRecord record, RecordMetadata metadata) {
    SourceRecords.acknowledge(record);
  }

  /** Also called when {@link #start} failed half-way. */
  @Override
  public final void stop() {
    if (session != null) {
      session.close();
    }
    if (metrics != null) {
      metrics.close();
    }
  }

  private Map<String, SourceCursor> storedCursors(FeedSetup setup) {
    Map<Map<String, String>, String> partitions = new HashMap<>();
    for (String symbol : setup.protocol().ledgerSymbols()) {
      partitions.put(SourceCursor.partition(setup.names().source(), symbol), symbol);
    }
    Map<String, SourceCursor> cursors = new HashMap<>();
    context
        .offsetStorageReader()
        .offsets(partitions.keySet())
        .forEach(
            (partition, offset) -> {
              if (offset != null && !offset.isEmpty()) {
                cursors.put(partitions.get(partition), cursor(partition, offset));
              }
            });
    return cursors;
  }

  private static SourceCursor cursor(Map<String, String> partition, Map<String, Object> offset) {
    try {
      return SourceCursor.fromOffset(offset);
    } catch (IllegalArgumentException e) {
      throw new ConnectException(
          "The stored offset of "
              + partition
              + " cannot be read: "
              + e.getMessage()
              + ". Mend or delete it with the worker's /connectors/…/offsets.",
          e);
    }
  }

  private RestartGaps restartGaps(FeedSetup setup, Map<String, SourceCursor> stored) {
    return RestartGaps.of(
        setup.names().source(), setup.protocol().ledgerSymbols(), stored, clock.millis());
  }

  private static SourceRecords recordsFrom(
      FeedSetup setup, Map<String, SourceCursor> stored, RestartGaps restart) {
    List<String> symbols = setup.protocol().ledgerSymbols();
    CursorBook cursors = new CursorBook(symbols.contains(SourceCursor.ALL_SYMBOLS), stored);
    restart.resumed().forEach(cursors::resume);
    String symbol = symbols.stream().filter(stored::containsKey).findFirst().orElse(symbols.get(0));
    SourceCursor cursor = stored.get(symbol);
    return new SourceRecords(
        setup.names(),
        symbol,
        cursor == null ? null : cursor.toOffset(),
        cursors,
        new AcknowledgedUntil());
  }

  private FeedSession sessionFrom(
      String connector, FeedSetup setup, RestartGaps restart, FeedMetrics counts) {
    TickNumbering numbering = new TickNumbering(restart.numberedUpTo());
    String source = setup.names().source();
    GapLedger ledger =
        new GapLedger(
            source, setup.protocol().ledgerSymbols(), numbering, restart.all(), clock.millis());
    return new FeedSession(
        connector,
        source,
        setup.protocol(),
        setup.session(),
        buffer,
        numbering,
        ledger,
        counts,
        clock,
        RandomGenerator.getDefault());
  }

  private List<FeedMetric> metricsOf(FeedSetup setup, FeedMetrics counts) {
    return counts.all(
        buffer::size, buffer::dropped, buffer.capacity(), setup.protocol().ledgerSymbols().size());
  }

  private void announce(RestartGaps restart, FeedMetrics counts) {
    List<FeedGap> opened = restart.opened();
    buffer.put(opened.stream().map(BufferEntry.Gap::new).toList());
    if (restart.all().isEmpty()) {
      log.info("First start: nothing was missed before it.");
    } else {
      if (restart.all().stream().anyMatch(gap -> gap.cause() != GapCause.SUBSCRIPTION_REFUSED)) {
        counts.gapOpened();
      }
      log.info(
          "Start after session {}: a gap is open for {} symbols until the feed is heard again.",
          restart.lastSession(),
          restart.all().size());
    }
  }
}
