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
import io.marketstream.feed.record.Heartbeat;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.feed.session.FeedSession;
import io.marketstream.feed.session.FeedStatus;
import io.marketstream.model.GapCause;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
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
  // Each poll costs the worker a fixed amount of work, and the socket thread a wake-up.
  private static final Duration SHORTEST_BETWEEN_POLLS = Duration.ofMillis(2);
  private static final Duration PAUSE_WHILE_FAILING = Duration.ofMillis(100);

  private final Clock clock;
  private final AcknowledgedUntil acknowledged = new AcknowledgedUntil();
  private HeldFailure heldFailure;
  private FeedBuffer buffer;
  private FeedSession session;
  private SourceRecords records;
  private Heartbeats heartbeats;
  private String source;
  private int subscriptionsWanted;
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
    heldFailure = new HeldFailure(properties, System::nanoTime);
    Map<String, SourceCursor> stored = storedCursors(setup);
    RestartGaps restart = restartGaps(setup, stored);
    FeedMetrics counts = new FeedMetrics(System::nanoTime);
    buffer = new FeedBuffer(setup.bufferCapacity(), setup.overflowPolicy(), SHORTEST_BETWEEN_POLLS);
    records = recordsFrom(setup, stored, restart);
    heartbeats = new Heartbeats(setup.heartbeatInterval(), System::nanoTime);
    source = setup.names().source();
    subscriptionsWanted = setup.protocol().ledgerSymbols().size();
    String connector = properties.getOrDefault(NAME, setup.names().source());
    session = sessionFrom(connector, setup, restart, counts);
    metrics = MetricsBackends.of(context, connector);
    metrics.publish(metricsOf(setup, counts));
    announce(restart, counts);
    session.open();
  }

  @Override
  public final List<SourceRecord> poll() throws InterruptedException {
    try {
      return next();
    } catch (ConnectException failure) {
      if (heldFailure.isDue(acknowledged.inFlight() > 0)) {
        throw failure;
      }
      Thread.sleep(PAUSE_WHILE_FAILING.toMillis());
      return null;
    }
  }

  private List<SourceRecord> next() throws InterruptedException {
    long newest = session.session();
    if (!heartbeats.isDue(newest)) {
      FeedBuffer.Drained drained = buffer.drain(MAX_RECORDS, heartbeats.atMost(MAX_WAIT));
      return drained.entries().isEmpty() ? null : records.of(drained, null);
    }
    FeedStatus status = session.status(); // before the drain: what it tells of is in the buffer
    FeedBuffer.Drained drained = buffer.drain(MAX_RECORDS, Duration.ZERO);
    heartbeats.sent(newest);
    boolean nothingWaits = drained.entries().size() < MAX_RECORDS;
    return records.of(
        drained, new SourceRecords.Beat(heartbeat(status), status.heardUntil(), nothingWaits));
  }

  private Heartbeat heartbeat(FeedStatus status) {
    return new Heartbeat(
        source,
        status.session(),
        clock.millis(),
        status.lastFrameAt(),
        status.lastTickAt(),
        status.connected(),
        subscriptionsWanted,
        status.refused(),
        status.delayMs());
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
    List<String> symbols = new ArrayList<>(setup.protocol().ledgerSymbols());
    symbols.add(SourceCursor.ALL_SYMBOLS); // of heartbeats, or of a run that had everything
    for (String symbol : symbols) {
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
      return SourceCursor.fromStored(offset);
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

  private SourceRecords recordsFrom(
      FeedSetup setup, Map<String, SourceCursor> stored, RestartGaps restart) {
    List<String> symbols = setup.protocol().ledgerSymbols();
    boolean allSymbols = symbols.contains(SourceCursor.ALL_SYMBOLS);
    CursorBook cursors = new CursorBook(allSymbols, stored);
    restart.resumed().forEach(cursors::resume);
    String symbol = symbols.stream().filter(stored::containsKey).findFirst().orElse(symbols.get(0));
    return new SourceRecords(setup.names(), symbol, stored, allSymbols, cursors, acknowledged);
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
        buffer::size,
        buffer::dropped,
        buffer.capacity(),
        session::quietestSymbolMs,
        setup.protocol().ledgerSymbols().size());
  }

  private void announce(RestartGaps restart, FeedMetrics counts) {
    List<FeedGap> opened = restart.opened();
    buffer.put(opened.stream().map(gap -> new BufferEntry.Gap(gap, clock.millis())).toList());
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
