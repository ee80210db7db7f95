package io.marketstream.feed.session;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.ledger.GapLedger;
import io.marketstream.feed.ledger.Subscriptions;
import io.marketstream.feed.ledger.TickNumbering;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FeedProtocol;
import io.marketstream.feed.protocol.Subscription;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.model.GapCause;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one websocket connection to a feed: opens it, subscribes, reads, notices silence, closes,
 * tries again. Every frame goes to the buffer, its ticks numbered; every interval without one goes
 * there as a gap.
 *
 * <p>Threads: frames arrive on OkHttp's socket thread; connecting, subscribing and the watchdog run
 * on the session's own thread. Both change the state only under the lock of this object, which is
 * never held while waiting. A connection that was lost is no longer {@code current}: what it still
 * delivers belongs to the gap.
 */
public final class FeedSession implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FeedSession.class);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);
  private static final String INFERRED =
      "; the feed named no symbol: inferred from the order of the subscriptions";

  private final String name;
  private final FeedProtocol protocol;
  private final SessionSettings settings;
  private final FeedBuffer buffer;
  private final TickNumbering numbering;
  private final GapLedger ledger;
  private final FeedMetrics metrics;
  private final Clock clock;
  private final FrameRecorder recorder;
  private final Subscriptions subscriptions;
  private final IdleWatchdog watchdog;
  private final boolean onlyTicksProve;
  private final IdleWatchdog tickWatchdog; // of no effect unless onlyTicksProve
  private final ShortLivedConnections shortLived;
  private final OutageReport outage;
  private final ComplaintLog complaints = new ComplaintLog(System::nanoTime);
  private final FeedDelay delaySinceStatus;
  private final FeedDelay delayInWindow;
  private final FeedDelayAlarm delayAlarm;
  private final SafeWords words;
  private final ReadingHeldBack heldBack;
  private final WebSocketClient client;
  private final SessionScheduler scheduler;
  private final ConnectAttempts attempts;
  private final FeedConnection.Session callbacks = new Callbacks();

  private FeedConnection current;
  private FeedConnection last;
  private boolean inSession; // current has opened
  private volatile long session; // the newest that was opened; 0 for none
  private Long lastFrameAt;
  private Long lastTickAt;
  private long openedNanos; // of the newest session; before the first, of the task
  private long lastFrameNanos;
  private long lastSignNanos; // of the newest frame that proves that nothing is missed
  private String lastUnnamedRefusal = "";
  private boolean blocked;
  private boolean closed;

  /**
   * @param name the connector's, for log lines, messages and threads
   */
  public FeedSession(
      String name,
      String source,
      FeedProtocol protocol,
      SessionSettings settings,
      FeedBuffer buffer,
      TickNumbering numbering,
      GapLedger ledger,
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
    this.openedNanos = System.nanoTime();
    UnaryOperator<String> redact = text -> settings.network().redact(protocol.redact(text));
    this.recorder = new FrameRecorder(source, numbering, metrics, redact);
    List<String> symbols = protocol.ledgerSymbols();
    this.subscriptions =
        new Subscriptions(
            symbols, protocol.subscriptions(symbols).isEmpty(), settings.refusedRetry());
    this.watchdog = new IdleWatchdog(settings.idleTimeout());
    this.onlyTicksProve = !settings.tickSilence().isZero();
    this.tickWatchdog = new IdleWatchdog(settings.tickSilence());
    this.shortLived = new ShortLivedConnections(settings.stableAfter());
    this.outage = new OutageReport(name, metrics);
    this.delaySinceStatus = new FeedDelay(random);
    this.delayInWindow = new FeedDelay(random);
    this.delayAlarm = new FeedDelayAlarm(settings.delayWarn());
    this.words = new SafeWords(redact);
    this.heldBack = new ReadingHeldBack(buffer, settings, System::nanoTime);
    this.client = new WebSocketClient("feed-socket-" + name, settings, this::failOfDefect);
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
            settings.standstill(),
            settings.standstillSettling(),
            buffer,
            scheduler::schedule,
            System::nanoTime,
            this::connect);
  }

  /** Begins to connect; returns at once. */
  public void open() {
    if (protocol.url().regionMatches(true, 0, "ws:", 0, 3)) {
      log.warn(
          "{}: the connection is not encrypted (ws://): whoever listens on the network can read {}",
          name,
          protocol.credentialKey());
    }
    attempts.begin();
    scheduler.schedule(this::publishDelay, settings.delayWindow());
  }

  /**
   * Closes the connection and the buffer, and stops every thread, also while connecting. Waits up
   * to a second for the feed to confirm the close; what arrives afterwards is not taken.
   */
  @Override
  public void close() {
    FeedConnection open;
    synchronized (this) {
      closed = true;
      open = current;
      current = null;
    }
    scheduler.close();
    buffer.close(); // the socket thread may be waiting for room
    if (open != null) {
      try {
        open.close(CLOSE_WAIT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    client.close();
  }

  /** The newest session that was opened; 0 for none. Any thread. */
  public long session() {
    return session;
  }

  /** For one heartbeat: the feed's delay in it is that since the last call. Any thread. */
  public synchronized FeedStatus status() {
    FeedDelay.Distribution delay = delaySinceStatus.take();
    return new FeedStatus(
        session,
        lastFrameAt,
        lastTickAt,
        inSession,
        ledger.refusedCount(),
        delay == null ? null : delay.p50(),
        session == 0 ? 0 : Math.min(ledger.heardUntil(), wallClock(lastSignNanos)));
  }

  /**
   * How long the symbol that has been quiet for longest has sent no tick on the newest connection,
   * in ms. Symbols that the feed refuses do not count. Always 0 for ALL. Any thread.
   */
  public synchronized long quietestSymbolMs() {
    long now = System.nanoTime();
    long longest = 0;
    for (String symbol : protocol.ledgerSymbols()) {
      if (!symbol.equals(SourceCursor.ALL_SYMBOLS) && !ledger.isRefused(symbol)) {
        TickNumbering.LastTick tick = numbering.lastTick(symbol);
        longest = Math.max(longest, now - (tick == null ? openedNanos : tick.nanos()));
      }
    }
    return Duration.ofNanos(longest).toMillis();
  }

  /** How many tasks of this session wait for their time. Any thread. */
  int scheduledTasks() {
    return scheduler.waiting();
  }

  private synchronized void connect() {
    if (closed) {
      return;
    }
    if (last != null) {
      // The old connection is gone before a new one opens: a provider that allows one would drop
      // both.
      last.cancel();
    }
    FeedConnection connection =
        new FeedConnection(callbacks, protocol, settings, client, metrics, clock);
    connection.open();
    last = connection;
    current = connection;
  }

  /** Where a connection's callbacks enter, each under the lock. */
  private final class Callbacks implements FeedConnection.Session {

    @Override
    public void opened(FeedConnection connection) {
      synchronized (FeedSession.this) {
        if (current != connection) {
          return;
        }
        long openedAt = clock.millis();
        openedNanos = System.nanoTime();
        lastFrameNanos = openedNanos;
        lastSignNanos = openedNanos;
        session = numbering.openSession(openedAt);
        ledger.opened(openedAt);
        subscriptions.opened(connection.handshake());
        inSession = true;
        metrics.connected();
        watchdog.touch(openedNanos);
        tickWatchdog.touch(openedNanos);
        scheduler.scheduleForConnection(() -> watch(connection), untilStalled(openedNanos));
        log.info("{}: connected, session {}", name, session);
        subscribe(connection, protocol.subscriptions(protocol.ledgerSymbols()).iterator());
      }
    }

    @Override
    public void frame(
        FeedConnection connection, List<FeedEvent> events, long receivedAt, long readNanos) {
      boolean room = awaitRoom();
      take(connection, events, receivedAt, readNanos);
      if (!room) {
        lose(
            connection,
            GapCause.BACKPRESSURE,
            "the buffer was full for buffer.block.ms=" + settings.blockTimeout().toMillis());
      }
    }

    @Override
    public void lost(FeedConnection connection, GapCause cause, String detail) {
      if (heldBack.delayedThePong(detail)) {
        String why = "the worker takes less than the feed sends: ";
        lose(connection, GapCause.BACKPRESSURE, why + detail);
      } else {
        lose(connection, cause, detail);
      }
    }

    @Override
    public void notOpened(FeedConnection connection, HandshakeFailure failure) {
      giveUpAttempt(connection, failure);
    }

    @Override
    public void failed(Throwable defect) {
      failOfDefect(defect);
    }
  }

  /** Sends the subscribe frames one by one. */
  private synchronized void subscribe(FeedConnection connection, Iterator<Subscription> frames) {
    if (current != connection) {
      return;
    }
    if (frames.hasNext()) {
      send(connection, frames.next());
    }
    if (frames.hasNext()) {
      scheduler.scheduleForConnection(
          () -> subscribe(connection, frames), settings.subscribeInterval());
    }
  }

  private void send(FeedConnection connection, Subscription subscription) {
    connection.send(subscription.frame());
    subscriptions.asked(subscription.symbols(), System.nanoTime());
  }

  /** Subscribes once more to a symbol that the feed refused: a refusal can be transient. */
  private synchronized void askAgain(FeedConnection connection, String symbol) {
    if (current == connection && subscriptions.isRefused(symbol)) {
      protocol.subscriptions(List.of(symbol)).forEach(again -> send(connection, again));
    }
  }

  /** Waits for room as the buffer's policy says, on the socket thread and without the lock. */
  private boolean awaitRoom() {
    try {
      return heldBack.awaitRoom(this::block);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized void block() {
    blocked = true; // we do not read: silence is ours, not the feed's
  }

  private synchronized void take(
      FeedConnection connection, List<FeedEvent> events, long receivedAt, long readNanos) {
    blocked = false;
    if (current != connection) {
      return;
    }
    if (!events.isEmpty() && events.get(0) instanceof FeedEvent.Unauthorized refused) {
      lose(connection, GapCause.UNAUTHORIZED, refused.message());
      failOfCredential("the feed answered '" + words.of(refused.message()) + "'");
      return;
    }
    boolean wasOutage = ledger.hasOutage();
    Set<String> ticked = ledger.hasOpenGaps() ? tickedSymbols(events) : Set.of();
    List<FeedGap> told = new ArrayList<>(refusals(connection, events, ticked));
    List<FeedGap> recovered =
        ledger.recovered(
            ticked::contains,
            symbol ->
                (!onlyTicksProve || !ticked.isEmpty())
                    && subscriptions.tookEffect(symbol, readNanos),
            receivedAt);
    List<BufferEntry> entries = entries(recovered);
    entries.addAll(recorder.record(events, receivedAt));
    entries.addAll(entries(told));
    buffer.put(entries);
    // Only now: what is not in the buffer was not received, and what threw is told of by the gap.
    boolean hasTicks = numbering.commit(receivedAt, readNanos);
    if (hasTicks) {
      lastTickAt = receivedAt;
      for (FeedEvent event : events) {
        if (event instanceof FeedEvent.Tick tick) {
          delaySinceStatus.tick(tick.eventTime(), receivedAt);
          delayInWindow.tick(tick.eventTime(), receivedAt);
        }
      }
    }
    lastFrameAt = receivedAt;
    ledger.recorded(recovered);
    ledger.recorded(told);
    lastFrameNanos = System.nanoTime();
    watchdog.touch(lastFrameNanos);
    if (hasTicks || !onlyTicksProve) {
      ledger.heard(receivedAt);
      lastSignNanos = lastFrameNanos;
      tickWatchdog.touch(lastFrameNanos);
    }
    if (wasOutage && !ledger.hasOutage()) {
      outage.recovered(numbering.session());
    }
    metrics.refusedNow(ledger.refusedCount());
  }

  private static Set<String> tickedSymbols(List<FeedEvent> events) {
    Set<String> symbols = new HashSet<>();
    for (FeedEvent event : events) {
      if (event instanceof FeedEvent.Tick tick) {
        symbols.add(tick.symbol());
      }
    }
    return symbols;
  }

  /**
   * What the frame says of refused subscriptions, and what its ticks say of those that had been
   * taken for refused.
   *
   * @return the records of the gaps that this opens
   */
  private List<FeedGap> refusals(
      FeedConnection connection, List<FeedEvent> events, Set<String> ticked) {
    List<FeedGap> opened = new ArrayList<>();
    if (ledger.refusedCount() > 0) {
      for (String symbol : ticked) {
        ledger.markHeard(symbol);
        if (subscriptions.ticked(symbol)) {
          refusedWithoutName(connection, lastUnnamedRefusal, ticked, opened);
        }
      }
    }
    for (FeedEvent event : events) {
      if (event instanceof FeedEvent.Refused refused) {
        String message = words.of(refused.message());
        if (refused.symbol() == null) {
          lastUnnamedRefusal = message;
          refusedWithoutName(connection, message, ticked, opened);
        } else if (subscriptions.refused(refused.symbol())) {
          refused(connection, refused.symbol(), message, opened);
        }
      } else if (event instanceof FeedEvent.Complaint complaint) {
        complaints.warn(name, words.of(complaint.message()));
      }
    }
    return opened;
  }

  private void refusedWithoutName(
      FeedConnection connection, String message, Set<String> ticked, List<FeedGap> opened) {
    String symbol =
        subscriptions.refusedWithoutName(
            candidate -> ticked.contains(candidate) || numbering.peek(candidate) > 0);
    if (symbol == null) {
      complaints.warn(name, message);
    } else {
      refused(connection, symbol, message + INFERRED, opened);
    }
  }

  private void refused(
      FeedConnection connection, String symbol, String detail, List<FeedGap> opened) {
    Duration wait = subscriptions.retryAfter(symbol);
    complaints.warn(
        name, symbol + " is refused: " + detail + "; asking again in " + wait.toSeconds() + " s");
    TickNumbering.LastTick last = numbering.lastTick(symbol);
    opened.addAll(
        ledger.refused(symbol, detail, wallClock(last == null ? openedNanos : last.nanos())));
    ledger.markRefused(symbol);
    scheduler.scheduleForConnection(() -> askAgain(connection, symbol), wait);
  }

  /**
   * Ends a connection that had opened: its gap is recorded at once, a new attempt scheduled. Any
   * thread.
   */
  private synchronized void lose(FeedConnection connection, GapCause cause, String rawDetail) {
    if (current != connection || closed) {
      return;
    }
    current = null;
    inSession = false;
    scheduler.cancelTasksOfConnection();
    if (cause != GapCause.SERVER_CLOSED) {
      connection.cancel();
    }
    String detail = words.of(rawDetail);
    attempts.ended(Duration.ofNanos(lastFrameNanos - openedNanos));
    int shortOnes = shortLived.count(cause, Duration.ofNanos(System.nanoTime() - openedNanos));
    String suspicion = "another client may be using the same " + protocol.credentialKey();
    boolean suspicious = shortOnes >= ShortLivedConnections.SUSPICIOUS;
    tell(
        ledger.lost(
            cause, suspicious ? detail + "; " + suspicion : detail, wallClock(lastSignNanos)));
    outage.lost(cause, detail);
    if (shortOnes == ShortLivedConnections.SUSPICIOUS) {
      outage.suspected(suspicion);
    }
    attempts.again(cause, Duration.ZERO);
  }

  private void tell(List<FeedGap> gaps) {
    buffer.put(entries(gaps));
    ledger.recorded(gaps);
  }

  /** When that instant of the monotonic clock was, by the wall clock as it stands now. */
  private long wallClock(long nanos) {
    return clock.instant().minus(Duration.ofNanos(System.nanoTime() - nanos)).toEpochMilli();
  }

  private synchronized void giveUpAttempt(FeedConnection connection, HandshakeFailure failure) {
    if (current != connection || closed) {
      return;
    }
    current = null;
    String detail = words.of(failure.detail());
    tell(ledger.notOpened(failure.cause(), detail));
    outage.lost(failure.cause(), detail);
    if (failure.cause() == GapCause.UNAUTHORIZED) {
      failOfCredential(detail);
    } else {
      attempts.again(
          failure.cause(), failure.retryAfter() == null ? Duration.ZERO : failure.retryAfter());
    }
  }

  private synchronized void watch(FeedConnection connection) {
    if (current != connection) {
      return;
    }
    long now = System.nanoTime();
    if (blocked) {
      watchdog.touch(now);
      tickWatchdog.touch(now);
    }
    Duration remaining = untilStalled(now);
    if (remaining.compareTo(Duration.ZERO) > 0) {
      scheduler.scheduleForConnection(() -> watch(connection), remaining);
    } else if (watchdog.remaining(now).compareTo(Duration.ZERO) <= 0) {
      lose(
          connection,
          GapCause.STALLED,
          "no frame for idle.timeout.ms=" + settings.idleTimeout().toMillis());
    } else {
      lose(
          connection,
          GapCause.STALLED,
          "no tick for tick.silence.ms=" + settings.tickSilence().toMillis());
    }
  }

  /** How long the connection may still be silent; zero or less if it counts as stalled. */
  private Duration untilStalled(long now) {
    Duration frames = watchdog.remaining(now);
    if (!onlyTicksProve) {
      return frames;
    }
    Duration ticks = tickWatchdog.remaining(now);
    return ticks.compareTo(frames) < 0 ? ticks : frames;
  }

  private synchronized void publishDelay() {
    scheduler.schedule(this::publishDelay, settings.delayWindow());
    FeedDelay.Distribution delay = delayInWindow.take();
    if (delay == null) {
      metrics.delay(0, 0, 0);
      return;
    }
    metrics.delay(delay.p50(), delay.p99(), delay.max());
    FeedDelayAlarm.Notice notice = delayAlarm.judge(delay.p50());
    if (notice != null && notice.begins()) {
      log.warn("{}: {}", name, notice.words());
    } else if (notice != null) {
      log.info("{}: {}", name, notice.words());
    }
  }

  private void failOfCredential(String why) {
    buffer.fail(
        new ConnectException(
            name
                + ": "
                + why
                + ". Check "
                + protocol.credentialKey()
                + ", then restart the task."));
  }

  /**
   * A defect, or an Error of the JVM, on any thread: the task fails at once, after the gap. The
   * status of a failed task shows every cause with its message, so the defect comes as its words
   * and its stack alone.
   */
  private void failOfDefect(Throwable defect) {
    String what = "the session failed: " + words.of(String.valueOf(defect));
    try {
      endForGood(what);
    } catch (RuntimeException | Error again) {
      log.error("{}: and the gap could not be recorded: {}", name, words.of(again.toString()));
    } finally {
      ConnectException failure = new ConnectException(name + ": " + what);
      failure.setStackTrace(defect.getStackTrace());
      buffer.fail(failure);
    }
  }

  private synchronized void endForGood(String detail) {
    FeedConnection connection = current;
    current = null;
    if (closed) {
      return;
    }
    closed = true; // no further attempt
    scheduler.cancelTasksOfConnection();
    if (connection != null) {
      connection.cancel();
    }
    tell(
        inSession
            ? ledger.lost(GapCause.CONNECTION_LOST, detail, wallClock(lastSignNanos))
            : ledger.notOpened(GapCause.CONNECTION_LOST, detail));
    metrics.lost(GapCause.CONNECTION_LOST);
  }

  private List<BufferEntry> entries(List<FeedGap> gaps) {
    List<BufferEntry> entries = new ArrayList<>(gaps.size());
    gaps.forEach(gap -> entries.add(new BufferEntry.Gap(gap, clock.millis())));
    return entries;
  }
}
