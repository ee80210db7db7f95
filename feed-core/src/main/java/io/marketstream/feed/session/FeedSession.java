package io.marketstream.feed.session;

import io.marketstream.feed.buffer.BufferConfig;
import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.ledger.GapLedger;
import io.marketstream.feed.ledger.Subscriptions;
import io.marketstream.feed.ledger.TickNumbering;
import io.marketstream.feed.ledger.TradeIds;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FeedProtocol;
import io.marketstream.feed.protocol.Subscription;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.feed.websocket.FeedConnection;
import io.marketstream.feed.websocket.HandshakeFailure;
import io.marketstream.feed.websocket.WebSocketClient;
import io.marketstream.model.GapCause;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one websocket connection to a feed open: it connects, subscribes, reads, detects silence,
 * and reconnects. It numbers the ticks of each frame and puts the frame into the buffer. It also
 * puts a gap there for every interval in which ticks may have been missed.
 *
 * <pre>
 *             attempt due              opened               all frames sent
 * BACKING_OFF ──────────> CONNECTING ────────> SUBSCRIBING ────────────────> LIVE
 *      ^                      │ failed              │ lost                     │ lost
 *      └──────────────────────┴─────────────────────┴──────────────────────────┘
 *
 * any state ── close(), or a defect ──> CLOSED
 * </pre>
 *
 * <p>If the feed refuses the credential, the session stays in {@code BACKING_OFF} without a further
 * attempt, and the task fails.
 *
 * <p>Threads: frames arrive on OkHttp's socket thread. Connecting, subscribing and the check for
 * silence run on the session's own thread. Both change the state only under the lock of this
 * object, which is never held while waiting. A connection that was lost is no longer {@code
 * current}. Whatever it still delivers belongs to the gap.
 */
public final class FeedSession implements AutoCloseable {

  private enum State {
    /** There is no connection. The next attempt is scheduled. */
    BACKING_OFF,
    /** The handshake is in progress. */
    CONNECTING,
    /** The connection is open, and some subscribe frames have not been sent yet. */
    SUBSCRIBING,
    /** The connection is open, and all subscribe frames have been sent. */
    LIVE,
    /** The session has ended. */
    CLOSED;

    boolean isOpen() {
      return this == SUBSCRIBING || this == LIVE;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(FeedSession.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final String name;
  private final FeedProtocol protocol;
  private final SessionSettings settings;
  private final FeedBuffer buffer;
  private final TickNumbering numbering;
  private final GapLedger ledger;
  private final FeedMetrics metrics;
  private final Clock clock;
  private final Subscriptions subscriptions;
  private final SubscribeQueue subscribeQueue;
  private final StallDetector stalls;
  private final ShortLivedConnections shortLived;
  private final OutageReport outage;
  private final FeedDelayMonitor delays;
  private final FrameReceiver frames;
  private final LogSanitizer sanitizer;
  private final BackPressure backPressure;
  private final WebSocketClient client;
  private final SessionScheduler scheduler;
  private final ConnectAttempts attempts;
  private final FeedConnection.Listener listener = new ConnectionListener();

  private State state = State.BACKING_OFF;
  private @Nullable FeedConnection current; // null in BACKING_OFF and CLOSED
  private @Nullable FeedConnection last; // null before the first attempt
  private volatile long session; // the newest that has opened; 0 for none
  private boolean readingPaused;
  private @Nullable Long readAgainNanos; // when the last pause was over; null before the first

  /**
   * @param name the name of the connector, for log lines, messages and threads
   */
  public FeedSession(
      String name,
      String source,
      FeedProtocol protocol,
      SessionSettings settings,
      FeedBuffer buffer,
      TickNumbering numbering,
      GapLedger ledger,
      TradeIds tradeIds,
      FeedMetrics metrics,
      Clock clock,
      RandomGenerator random) {
    this.name = name;
    this.protocol = protocol;
    this.settings = settings;
    this.buffer = buffer;
    this.numbering = numbering;
    this.ledger = ledger;
    this.metrics = metrics;
    this.clock = clock;
    UnaryOperator<String> redact =
        text -> settings.webSocket().network().redact(protocol.redact(text));
    List<String> symbols = protocol.ledgerSymbols();
    this.subscriptions =
        new Subscriptions(
            symbols,
            protocol.subscriptions(symbols).isEmpty(),
            protocol.answersSubscriptions(),
            settings.refusedRetry());
    this.subscribeQueue = new SubscribeQueue(protocol, subscriptions);
    this.sanitizer = new LogSanitizer(redact);
    this.stalls =
        new StallDetector(settings.idleTimeout(), settings.tickSilence(), System.nanoTime());
    this.shortLived = new ShortLivedConnections(settings.stableAfter());
    this.outage = new OutageReport(name, metrics);
    this.delays = new FeedDelayMonitor(name, metrics, settings.delayWarn(), random);
    this.frames =
        new FrameReceiver(
            buffer,
            numbering,
            ledger,
            subscriptions,
            stalls,
            new FrameRecorder(source, numbering, metrics, redact),
            new TradeIdCheck(tradeIds, ledger, numbering, metrics),
            new FeedErrorHandler(
                name,
                subscriptions,
                ledger,
                numbering,
                sanitizer,
                new FeedErrorLog(System::nanoTime),
                this::silentSince),
            delays,
            outage,
            metrics,
            clock);
    this.backPressure = new BackPressure(buffer, settings, System::nanoTime);
    this.client =
        new WebSocketClient("feed-socket-" + name, settings.webSocket(), this::failOfDefect);
    this.scheduler = new SessionScheduler("feed-session-" + name, this::failOfDefect);
    Backoff backoff =
        new Backoff(
            settings.reconnectBackoff(),
            settings.reconnectBackoffMax(),
            settings.stableAfter(),
            random);
    this.attempts =
        new ConnectAttempts(
            name,
            backoff,
            settings.processPause(),
            settings.processPauseBackoff(),
            buffer,
            scheduler::schedule,
            System::nanoTime,
            this::connect);
  }

  /** Starts to connect and returns at once. */
  public void open() {
    if (protocol.url().regionMatches(true, 0, "ws:", 0, 3)) {
      LOG.warn(
          "{}: the connection is not encrypted (ws://): anyone on the network can {}",
          name,
          protocol.credentialKey() == null
              ? "change what it delivers"
              : "read " + protocol.credentialKey());
    }
    attempts.start();
    scheduler.schedule(this::publishDelay, settings.delayWindow());
  }

  /**
   * Closes the connection and the buffer, and stops every thread, in whatever state the session is.
   * Waits up to a second for the feed to confirm the close. Frames that arrive later are ignored.
   */
  @Override
  public void close() {
    FeedConnection open;
    synchronized (this) {
      state = State.CLOSED;
      open = current;
      current = null;
    }
    scheduler.close();
    buffer.close(); // the socket thread may be waiting for room
    if (open != null) {
      try {
        open.close(CLOSE_TIMEOUT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    client.close();
  }

  /** The newest session that has opened; 0 for none. Any thread. */
  public long session() {
    return session;
  }

  /**
   * The status for one heartbeat. Its delay is that of the ticks since the previous call. Any
   * thread.
   */
  public synchronized FeedStatus status() {
    return new FeedStatus(
        session,
        frames.lastFrameAt(),
        frames.lastTickAt(),
        state.isOpen(),
        ledger.refusedCount(),
        delays.takeMedian(),
        session == 0 ? 0 : Math.min(ledger.receivedUntil(), wallClock(stalls.lastProofNanos())));
  }

  /**
   * How long the quietest symbol has sent no tick on the newest connection, in ms. Symbols that the
   * feed refuses do not count. Always 0 for a subscription to everything. Any thread.
   */
  public synchronized long quietestSymbolMs() {
    long now = System.nanoTime();
    long longest = 0;
    for (String symbol : protocol.ledgerSymbols()) {
      if (!symbol.equals(SourceCursor.ALL_SYMBOLS) && !ledger.isRefused(symbol)) {
        longest = Math.max(longest, now - lastTickNanos(symbol));
      }
    }
    return Duration.ofNanos(longest).toMillis();
  }

  /** How many tasks are scheduled. Any thread. */
  int scheduledTasks() {
    return scheduler.waiting();
  }

  private synchronized void connect() {
    if (state == State.CLOSED) {
      return;
    }
    if (last != null) {
      // The old connection must end before a new one opens. A provider that allows only one
      // connection would drop both.
      last.cancel();
    }
    FeedConnection connection =
        new FeedConnection(listener, protocol, settings.webSocket(), client, metrics, clock);
    connection.open();
    last = connection;
    current = connection;
    state = State.CONNECTING;
  }

  /** Receives the events of all connections. Only those of the current connection count. */
  private final class ConnectionListener implements FeedConnection.Listener {

    @Override
    public void opened(FeedConnection connection) {
      onOpened(connection);
    }

    @Override
    public void frame(
        FeedConnection connection, List<FeedEvent> events, long receivedAt, long readNanos) {
      boolean room = awaitRoom();
      onFrame(connection, events, receivedAt, readNanos);
      if (!room) {
        disconnect(
            connection,
            GapCause.BACKPRESSURE,
            "the buffer was full for "
                + BufferConfig.BUFFER_BLOCK_MS
                + "="
                + settings.blockTimeout().toMillis());
      }
    }

    @Override
    public void lost(FeedConnection connection, GapCause cause, String detail) {
      if (backPressure.explainsMissingPong(detail)) {
        disconnect(
            connection,
            GapCause.BACKPRESSURE,
            "the worker takes less than the feed sends: " + detail);
      } else {
        disconnect(connection, cause, detail);
      }
    }

    @Override
    public void notOpened(FeedConnection connection, HandshakeFailure failure) {
      onNotOpened(connection, failure);
    }

    @Override
    public void failed(Throwable defect) {
      failOfDefect(defect);
    }
  }

  private synchronized void onOpened(FeedConnection connection) {
    if (current != connection) {
      return;
    }
    long openedAt = clock.millis();
    long now = System.nanoTime();
    stalls.opened(now); // first: a defect in what follows is a gap from here
    session = numbering.openSession(openedAt);
    ledger.opened(openedAt);
    subscriptions.opened(connection.handshake());
    state = State.SUBSCRIBING;
    metrics.connected();
    scheduler.scheduleForConnection(() -> checkForStall(connection), stalls.remaining(now));
    LOG.info("{}: connected, session {}", name, session);
    subscribeQueue.opened();
    subscribe(connection);
  }

  /** Sends the next subscribe frame, and the others one by one. */
  private synchronized void subscribe(FeedConnection connection) {
    if (current != connection) {
      return;
    }
    Subscription next = subscribeQueue.next();
    if (next == null) {
      state = State.LIVE;
      return;
    }
    send(connection, next);
    scheduler.scheduleForConnection(() -> subscribe(connection), settings.subscribeInterval());
  }

  private void send(FeedConnection connection, Subscription subscription) {
    connection.send(subscription.frame());
    subscriptions.requested(subscription.symbols(), System.nanoTime());
    if (protocol.answersSubscriptions()) {
      awaitAnswer(connection);
    }
  }

  private void awaitAnswer(FeedConnection connection) {
    scheduler.scheduleForConnection(
        () -> refuseUnanswered(connection), Subscriptions.ANSWER_TIMEOUT);
  }

  private synchronized void refuseUnanswered(FeedConnection connection) {
    if (current != connection) {
      return;
    }
    long now = System.nanoTime();
    boolean justPaused =
        readAgainNanos != null && now - readAgainNanos < Subscriptions.ANSWER_TIMEOUT.toNanos();
    if (readingPaused || justPaused) {
      awaitAnswer(connection); // the answer may wait behind ticks that we have not read
      return;
    }
    List<String> symbols =
        subscriptions.refuseUnanswered(symbol -> numbering.lastTick(symbol) != null, now);
    frames.unanswered(symbols, retryLater(connection));
  }

  private BiConsumer<String, Duration> retryLater(FeedConnection connection) {
    return (symbol, wait) -> scheduler.scheduleForConnection(() -> retry(connection, symbol), wait);
  }

  /** Repeats the subscription to a symbol that the feed refused: it may accept it later. */
  private synchronized void retry(FeedConnection connection, String symbol) {
    if (current == connection && subscribeQueue.retry(symbol)) {
      subscribe(connection);
    }
  }

  /** Waits for room as the buffer's policy says, on the socket thread and without the lock. */
  private boolean awaitRoom() {
    try {
      return backPressure.awaitRoom(this::pauseReading);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized void pauseReading() {
    readingPaused = true; // the feed is not silent: we do not read
  }

  private synchronized void onFrame(
      FeedConnection connection, List<FeedEvent> events, long receivedAt, long readNanos) {
    if (readingPaused) {
      readingPaused = false;
      readAgainNanos = System.nanoTime();
    }
    if (current != connection) {
      return;
    }
    if (!events.isEmpty() && events.get(0) instanceof FeedEvent.Unauthorized refused) {
      disconnect(connection, GapCause.UNAUTHORIZED, refused.message());
      failOfCredential("the feed answered '" + sanitizer.sanitize(refused.message()) + "'");
      return;
    }
    frames.receive(events, receivedAt, readNanos, retryLater(connection));
  }

  /**
   * Ends a connection that had opened, records its gap at once, and schedules the next attempt. Any
   * thread.
   */
  private synchronized void disconnect(
      FeedConnection connection, GapCause cause, String rawDetail) {
    if (current != connection) {
      return;
    }
    current = null;
    state = State.BACKING_OFF;
    scheduler.cancelTasksOfConnection();
    if (cause != GapCause.SERVER_CLOSED) {
      connection.cancel();
    }
    String detail = sanitizer.sanitize(rawDetail);
    attempts.connectionEnded(stalls.delivered());
    Duration lifetime = Duration.ofNanos(System.nanoTime() - stalls.openedNanos());
    int inARow = shortLived.count(cause, lifetime);
    String suspicion = "another client may be using the same " + protocol.credentialKey();
    boolean hasKey = protocol.credentialKey() != null;
    boolean suspicious = hasKey && inARow >= ShortLivedConnections.SUSPICIOUS_COUNT;
    frames.connectionLost();
    frames.publish(
        ledger.lost(
            cause,
            suspicious ? detail + "; " + suspicion : detail,
            wallClock(stalls.lastProofNanos())));
    outage.lost(cause, detail);
    if (hasKey && inARow == ShortLivedConnections.SUSPICIOUS_COUNT) {
      outage.suspected(suspicion);
    }
    attempts.scheduleNext(cause, Duration.ZERO);
  }

  /** When the symbol last ticked on the newest connection, or else when that connection opened. */
  private long lastTickNanos(String symbol) {
    TickNumbering.LastTick tick = numbering.lastTick(symbol);
    return tick == null ? stalls.openedNanos() : tick.nanos();
  }

  private long silentSince(String symbol) {
    return wallClock(lastTickNanos(symbol));
  }

  /** Converts an instant of the monotonic clock to epoch ms of the current wall clock. */
  private long wallClock(long nanos) {
    return clock.instant().minus(Duration.ofNanos(System.nanoTime() - nanos)).toEpochMilli();
  }

  private synchronized void onNotOpened(FeedConnection connection, HandshakeFailure failure) {
    if (current != connection) {
      return;
    }
    current = null;
    state = State.BACKING_OFF;
    String detail = sanitizer.sanitize(failure.detail());
    GapCause cause = causeOf(failure);
    frames.publish(ledger.notOpened(cause, detail));
    outage.lost(cause, detail);
    if (cause == GapCause.UNAUTHORIZED) {
      failOfCredential(detail);
    } else {
      attempts.scheduleNext(
          cause, failure.retryAfter() == null ? Duration.ZERO : failure.retryAfter());
    }
  }

  /** Without a key there is none to correct, so whatever refuses the worker may let it in later. */
  private GapCause causeOf(HandshakeFailure failure) {
    return failure.cause() == GapCause.UNAUTHORIZED && protocol.credentialKey() == null
        ? GapCause.CONNECTION_LOST
        : failure.cause();
  }

  private synchronized void checkForStall(FeedConnection connection) {
    if (current != connection) {
      return;
    }
    long now = System.nanoTime();
    if (readingPaused) {
      stalls.readingPaused(now);
    }
    Duration remaining = stalls.remaining(now);
    if (remaining.compareTo(Duration.ZERO) > 0) {
      scheduler.scheduleForConnection(() -> checkForStall(connection), remaining);
    } else {
      disconnect(connection, GapCause.STALLED, stalls.detail(now));
    }
  }

  private synchronized void publishDelay() {
    scheduler.schedule(this::publishDelay, settings.delayWindow());
    delays.publishWindow();
  }

  private void failOfCredential(String problem) {
    buffer.fail(
        new ConnectException(
            name
                + ": "
                + problem
                + ". Check "
                + (protocol.credentialKey() == null ? "the URL" : protocol.credentialKey())
                + ", then restart the task."));
  }

  /**
   * Fails the task after the gap of a defect, or of an Error of the JVM, on any thread. The status
   * of a failed task shows the messages of all causes. So the failure has no cause: it has the
   * sanitized message and the stack trace of the defect.
   */
  private void failOfDefect(Throwable defect) {
    String detail = "the session failed: " + sanitizer.sanitize(String.valueOf(defect));
    try {
      endAfterDefect(detail);
    } catch (RuntimeException | Error again) {
      LOG.error(
          "{}: the gap of the failure could not be recorded: {}",
          name,
          sanitizer.sanitize(again.toString()));
    } finally {
      ConnectException failure = new ConnectException(name + ": " + detail);
      failure.setStackTrace(defect.getStackTrace());
      buffer.fail(failure);
    }
  }

  private synchronized void endAfterDefect(String detail) {
    FeedConnection connection = current;
    current = null;
    if (state == State.CLOSED) {
      return;
    }
    boolean wasOpen = state.isOpen();
    state = State.CLOSED; // no further attempt
    scheduler.cancelTasksOfConnection();
    if (connection != null) {
      connection.cancel();
    }
    frames.publish(
        wasOpen
            ? ledger.lost(GapCause.CONNECTION_LOST, detail, wallClock(stalls.lastProofNanos()))
            : ledger.notOpened(GapCause.CONNECTION_LOST, detail));
    metrics.lost(GapCause.CONNECTION_LOST);
  }
}
