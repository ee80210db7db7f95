package io.marketstream.feed.session;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.ledger.GapLedger;
import io.marketstream.feed.ledger.TickNumbering;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FeedProtocol;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.GapCause;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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

  private final String name;
  private final FeedProtocol protocol;
  private final SessionSettings settings;
  private final FeedBuffer buffer;
  private final TickNumbering numbering;
  private final GapLedger ledger;
  private final FeedMetrics metrics;
  private final Clock clock;
  private final FrameRecorder recorder;
  private final IdleWatchdog watchdog;
  private final ShortLivedConnections shortLived;
  private final OutageReport outage;
  private final SafeWords words;
  private final ReadingHeldBack heldBack;
  private final WebSocketClient client;
  private final SessionScheduler scheduler;
  private final ConnectAttempts attempts;
  private final FeedConnection.Session callbacks = new Callbacks();

  private FeedConnection current;
  private FeedConnection last;
  private long openedNanos;
  private long lastFrameNanos;
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
    UnaryOperator<String> redact = text -> settings.network().redact(protocol.redact(text));
    this.recorder = new FrameRecorder(source, numbering, metrics, redact);
    this.watchdog = new IdleWatchdog(settings.idleTimeout());
    this.shortLived = new ShortLivedConnections(settings.stableAfter());
    this.outage = new OutageReport(name, metrics);
    this.words = new SafeWords(redact);
    this.heldBack = new ReadingHeldBack(buffer, settings, System::nanoTime);
    this.client = new WebSocketClient("feed-socket-" + name, settings);
    this.scheduler = new SessionScheduler("feed-session-" + name, this::failOfDefect);
    Backoff backoff =
        new Backoff(
            settings.reconnectBackoff(),
            settings.reconnectBackoffMax(),
            settings.stableAfter(),
            random);
    this.attempts =
        new ConnectAttempts(
            name, backoff, buffer, scheduler::schedule, System::nanoTime, this::connect);
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
        long session = numbering.openSession(openedAt);
        ledger.opened(openedAt);
        metrics.connected();
        watchdog.touch(openedNanos);
        scheduler.schedule(() -> watch(connection), settings.idleTimeout());
        log.info("{}: connected, session {}", name, session);
        subscribe(connection, protocol.subscribeFrames().iterator());
      }
    }

    @Override
    public void frame(
        FeedConnection connection,
        List<FeedEvent> events,
        long receivedAt,
        boolean provesRecovery) {
      boolean room = awaitRoom();
      take(connection, events, receivedAt, provesRecovery);
      if (!room) {
        lose(
            connection,
            GapCause.BACKPRESSURE,
            "the buffer was full for buffer.block.ms=" + settings.blockTimeout().toMillis());
      }
    }

    @Override
    public void lost(FeedConnection connection, GapCause cause, String detail) {
      // Nothing above these callbacks would notice a defect in them.
      if (heldBack.delayedThePong(detail)) {
        String why = "the worker takes less than the feed sends: ";
        scheduler.guard(() -> lose(connection, GapCause.BACKPRESSURE, why + detail));
      } else {
        scheduler.guard(() -> lose(connection, cause, detail));
      }
    }

    @Override
    public void notOpened(FeedConnection connection, HandshakeFailure failure) {
      scheduler.guard(() -> giveUpAttempt(connection, failure));
    }
  }

  /**
   * Sends the subscribe frames one by one; the last of them begins the wait for the frame that
   * proves recovery.
   */
  private synchronized void subscribe(FeedConnection connection, Iterator<String> frames) {
    if (current != connection) {
      return;
    }
    if (frames.hasNext()) {
      connection.send(frames.next());
    }
    if (frames.hasNext()) {
      scheduler.schedule(() -> subscribe(connection, frames), settings.subscribeInterval());
    } else {
      connection.subscribed();
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
      FeedConnection connection, List<FeedEvent> events, long receivedAt, boolean provesRecovery) {
    blocked = false;
    if (current != connection) {
      return;
    }
    if (!events.isEmpty() && events.get(0) instanceof FeedEvent.Unauthorized refused) {
      lose(connection, GapCause.UNAUTHORIZED, refused.message());
      failOfCredential("the feed answered '" + words.of(refused.message()) + "'");
      return;
    }
    lastFrameNanos = System.nanoTime();
    watchdog.touch(lastFrameNanos);
    ledger.heard(receivedAt);
    List<BufferEntry> entries = new ArrayList<>(events.size());
    if (provesRecovery && ledger.hasOpenGaps()) {
      entries.addAll(entries(ledger.recovered(receivedAt)));
      outage.recovered(numbering.session());
    }
    entries.addAll(recorder.record(events, receivedAt));
    buffer.put(entries);
    for (FeedEvent event : events) {
      if (event instanceof FeedEvent.Refused refused) {
        log.warn("{}: the feed says: {}", name, words.of(refused.message()));
      }
    }
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
    if (cause != GapCause.SERVER_CLOSED) {
      connection.cancel();
    }
    String detail = words.of(rawDetail);
    attempts.ended(Duration.ofNanos(lastFrameNanos - openedNanos));
    int shortOnes = shortLived.count(cause, Duration.ofNanos(System.nanoTime() - openedNanos));
    String suspicion = "another client may be using the same " + protocol.credentialKey();
    boolean suspicious = shortOnes >= ShortLivedConnections.SUSPICIOUS;
    buffer.put(
        entries(
            ledger.lost(cause, suspicious ? detail + "; " + suspicion : detail, silentSince())));
    outage.lost(cause, detail);
    if (shortOnes == ShortLivedConnections.SUSPICIOUS) {
      outage.suspected(suspicion);
    }
    attempts.again(cause, Duration.ZERO);
  }

  /** When the last frame came, by the clock as it stands now. */
  private long silentSince() {
    Duration silence = Duration.ofNanos(System.nanoTime() - lastFrameNanos);
    return clock.instant().minus(silence).toEpochMilli();
  }

  private synchronized void giveUpAttempt(FeedConnection connection, HandshakeFailure failure) {
    if (current != connection || closed) {
      return;
    }
    current = null;
    String detail = words.of(failure.detail());
    buffer.put(entries(ledger.notOpened(failure.cause(), detail)));
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
    }
    Duration remaining = watchdog.remaining(now);
    if (remaining.isNegative() || remaining.isZero()) {
      lose(
          connection,
          GapCause.STALLED,
          "no frame for idle.timeout.ms=" + settings.idleTimeout().toMillis());
    } else {
      scheduler.schedule(() -> watch(connection), remaining);
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
   * The status of a failed task shows every cause with its message: a defect comes as its words and
   * its stack alone.
   */
  private void failOfDefect(Throwable defect) {
    ConnectException failure =
        new ConnectException(name + ": the session failed: " + words.of(String.valueOf(defect)));
    failure.setStackTrace(defect.getStackTrace());
    buffer.fail(failure);
  }

  private static List<BufferEntry> entries(List<FeedGap> gaps) {
    List<BufferEntry> entries = new ArrayList<>(gaps.size());
    gaps.forEach(gap -> entries.add(new BufferEntry.Gap(gap)));
    return entries;
  }
}
