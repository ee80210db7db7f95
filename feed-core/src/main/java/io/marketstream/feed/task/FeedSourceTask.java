package io.marketstream.feed.task;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.ledger.GapLedger;
import io.marketstream.feed.ledger.InFlightBatches;
import io.marketstream.feed.ledger.RestartGaps;
import io.marketstream.feed.ledger.TickNumbering;
import io.marketstream.feed.ledger.TradeIds;
import io.marketstream.feed.metrics.FeedMetric;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.metrics.MetricsBackend;
import io.marketstream.feed.metrics.MetricsBackends;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.Heartbeat;
import io.marketstream.feed.record.RepairProgress;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.feed.repair.GapRepairs;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The task of every feed connector. Connect calls {@link #start}, {@link #poll} and {@link #stop}
 * on the task thread, and {@link #commitRecord} on that thread or on the producer's.
 */
@SuppressWarnings("NullAway.Init") // start sets the fields, and Connect calls it before poll
public abstract class FeedSourceTask extends SourceTask {

  private static final Logger LOG = LoggerFactory.getLogger(FeedSourceTask.class);
  private static final String NAME = "name"; // Connect's key for the name of the connector
  private static final int MAX_RECORDS = 4096;
  // Connect stops a task between two polls, so this limits how long a stop takes.
  private static final Duration MAX_WAIT = Duration.ofSeconds(1);
  // Each poll has a fixed cost for the worker, and wakes the socket thread.
  private static final Duration MIN_POLL_INTERVAL = Duration.ofMillis(2);
  // Records of repairs use the room that the live feed leaves, and fill no request on their own.
  private static final int MAX_REPAIRED_RECORDS = 500;
  private static final Duration REPAIR_WAIT = Duration.ofMillis(50);
  private static final Duration DEFERRED_FAILURE_PAUSE = Duration.ofMillis(100);

  private final Clock clock;
  private final InFlightBatches inFlight = new InFlightBatches();
  private DeferredFailure deferredFailure;
  private FeedBuffer buffer;
  private FeedSession session;
  private SourceRecords sourceRecords;
  private @Nullable GapRepairs repairs;
  private HeartbeatSchedule heartbeatSchedule;
  private String source;
  private int subscriptionsWanted;
  private MetricsBackend metricsBackend;

  protected FeedSourceTask() {
    this(Clock.systemUTC());
  }

  /**
   * @param clock the source of session ids and receive times; it may step forwards and backwards
   */
  protected FeedSourceTask(Clock clock) {
    this.clock = clock;
  }

  /**
   * Reads the configuration.
   *
   * @param properties as the connector has validated them
   */
  protected abstract FeedTaskConfig taskConfig(Map<String, String> properties);

  @Override
  public final void start(Map<String, String> properties) {
    FeedTaskConfig config = taskConfig(properties);
    deferredFailure = new DeferredFailure(properties, System::nanoTime);
    Map<String, SourceCursor> stored = storedCursors(config);
    RestartGaps restart = restartGaps(config, stored);
    FeedMetrics metrics = new FeedMetrics(System::nanoTime);
    buffer = new FeedBuffer(config.bufferCapacity(), config.overflowPolicy(), MIN_POLL_INTERVAL);
    heartbeatSchedule = new HeartbeatSchedule(config.heartbeatInterval(), System::nanoTime);
    source = config.names().source();
    subscriptionsWanted = config.protocol().ledgerSymbols().size();
    String connector = properties.getOrDefault(NAME, config.names().source());
    Map<String, List<RepairProgress>> storedRepairs = storedRepairs(config, stored);
    session = createSession(connector, config, stored, restart, metrics);
    if (config.repair() != null) {
      repairs =
          new GapRepairs(
              connector, source, config.repair(), storedRepairs, restart.open(), metrics, clock);
    }
    sourceRecords = createRecords(config, stored, restart);
    metricsBackend = MetricsBackends.of(context, connector);
    metricsBackend.publish(allMetrics(config, metrics));
    announce(restart, metrics);
    session.open();
  }

  @Override
  public final @Nullable List<SourceRecord> poll() throws InterruptedException {
    try {
      return next();
    } catch (ConnectException failure) {
      if (deferredFailure.isDue(inFlight.size() > 0)) {
        throw failure;
      }
      Thread.sleep(DEFERRED_FAILURE_PAUSE.toMillis());
      return null;
    }
  }

  private @Nullable List<SourceRecord> next() throws InterruptedException {
    long newest = session.session();
    if (!heartbeatSchedule.isDue(newest)) {
      Duration wait = repairs != null && repairs.isBusy() ? REPAIR_WAIT : MAX_WAIT;
      FeedBuffer.Drained drained = buffer.drain(MAX_RECORDS, heartbeatSchedule.limit(wait));
      List<SourceRecord> records = sourceRecords.of(drained, null, roomForRepairs(drained));
      return records.isEmpty() ? null : records;
    }
    // Before the drain, which returns everything that the status covers.
    FeedStatus status = session.status();
    FeedBuffer.Drained drained = buffer.drain(MAX_RECORDS, Duration.ZERO);
    heartbeatSchedule.sent(newest);
    boolean drainedAll = drained.entries().size() < MAX_RECORDS;
    return sourceRecords.of(
        drained,
        new SourceRecords.DueHeartbeat(heartbeat(status), status.receivedUntil(), drainedAll),
        roomForRepairs(drained));
  }

  /** How many records of repairs a poll may return: none if the live feed fills it. */
  private static int roomForRepairs(FeedBuffer.Drained drained) {
    return Math.min(MAX_REPAIRED_RECORDS, MAX_RECORDS - drained.entries().size());
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

  /** Stops the task. Connect also calls it if {@link #start} has failed. */
  @Override
  public final void stop() {
    if (session != null) {
      session.close();
    }
    if (repairs != null) {
      repairs.close();
    }
    if (metricsBackend != null) {
      metricsBackend.close();
    }
  }

  private Map<String, SourceCursor> storedCursors(FeedTaskConfig config) {
    Map<Map<String, String>, String> partitions = new HashMap<>();
    List<String> symbols = new ArrayList<>(config.protocol().ledgerSymbols());
    symbols.add(SourceCursor.ALL_SYMBOLS); // from heartbeats, or a subscription to everything
    for (String symbol : symbols) {
      partitions.put(SourceCursor.partition(config.names().source(), symbol), symbol);
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

  private static Map<String, List<RepairProgress>> storedRepairs(
      FeedTaskConfig config, Map<String, SourceCursor> stored) {
    String source = config.names().source();
    Map<String, List<RepairProgress>> repairs = new HashMap<>();
    stored.forEach(
        (symbol, cursor) -> {
          if (cursor.repairs() != null) {
            try {
              repairs.put(symbol, RepairProgress.decode(source, symbol, cursor.repairs()));
            } catch (IllegalArgumentException e) {
              throw unreadable(SourceCursor.partition(source, symbol), e);
            }
          }
        });
    return repairs;
  }

  private static SourceCursor cursor(Map<String, String> partition, Map<String, Object> offset) {
    try {
      return SourceCursor.fromStored(offset);
    } catch (IllegalArgumentException e) {
      throw unreadable(partition, e);
    }
  }

  private static ConnectException unreadable(
      Map<String, String> partition, IllegalArgumentException problem) {
    return new ConnectException(
        "The stored offset of "
            + partition
            + " cannot be read: "
            + problem.getMessage()
            + ". Correct or delete it with the worker's /connectors/…/offsets.",
        problem);
  }

  private RestartGaps restartGaps(FeedTaskConfig config, Map<String, SourceCursor> stored) {
    return RestartGaps.of(
        config.names().source(), config.protocol().ledgerSymbols(), stored, clock.millis());
  }

  private SourceRecords createRecords(
      FeedTaskConfig config, Map<String, SourceCursor> stored, RestartGaps restart) {
    List<String> symbols = config.protocol().ledgerSymbols();
    boolean allSymbols = symbols.contains(SourceCursor.ALL_SYMBOLS);
    SourceOffsets offsets = new SourceOffsets(allSymbols, stored);
    restart.resumed().forEach(offsets::resume);
    String symbol = symbols.stream().filter(stored::containsKey).findFirst().orElse(symbols.get(0));
    return new SourceRecords(
        config.names(), symbol, stored, allSymbols, offsets, inFlight, repairs);
  }

  private FeedSession createSession(
      String connector,
      FeedTaskConfig config,
      Map<String, SourceCursor> stored,
      RestartGaps restart,
      FeedMetrics metrics) {
    TickNumbering numbering = new TickNumbering(restart.numberedUpTo());
    String source = config.names().source();
    GapLedger ledger =
        new GapLedger(
            source, config.protocol().ledgerSymbols(), numbering, restart.open(), clock.millis());
    return new FeedSession(
        connector,
        source,
        config.protocol(),
        config.session(),
        buffer,
        numbering,
        ledger,
        new TradeIds(newestTrades(stored)),
        metrics,
        clock,
        RandomGenerator.getDefault());
  }

  private static Map<String, TradeIds.Newest> newestTrades(Map<String, SourceCursor> stored) {
    Map<String, TradeIds.Newest> newest = new HashMap<>();
    stored.forEach(
        (symbol, cursor) -> {
          if (cursor.tradeId() != null) {
            newest.put(symbol, new TradeIds.Newest(cursor.tradeId(), cursor.receivedAt()));
          }
        });
    return newest;
  }

  private List<FeedMetric> allMetrics(FeedTaskConfig config, FeedMetrics metrics) {
    return metrics.all(
        buffer::size,
        buffer::dropped,
        buffer.capacity(),
        session::quietestSymbolMs,
        config.protocol().ledgerSymbols().size());
  }

  private void announce(RestartGaps restart, FeedMetrics metrics) {
    List<FeedGap> opened = restart.opened();
    buffer.put(opened.stream().map(gap -> new BufferEntry.Gap(gap, clock.millis())).toList());
    if (restart.open().isEmpty()) {
      LOG.info("First start: there is no gap before it.");
    } else {
      if (restart.open().stream().anyMatch(gap -> gap.cause() != GapCause.SUBSCRIPTION_REFUSED)) {
        metrics.gapOpened();
      }
      LOG.info(
          "Start after session {}: a gap is open for {} symbols until the feed sends again.",
          restart.lastSession(),
          restart.open().size());
    }
  }
}
