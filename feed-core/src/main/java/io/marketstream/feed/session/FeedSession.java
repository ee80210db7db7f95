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
import io.marketstream.feed.record.RejectReason;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import okio.Utf8;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one websocket connection to a feed: opens it, subscribes, reads, notices silence, closes,
 * tries again. Every frame goes to the buffer, its ticks numbered; every interval without one goes
 * there as a gap.
 *
 * <p>Threads: frames arrive on OkHttp's socket thread; connecting, subscribing and the watchdog run
 * on the session's own scheduler thread. Both change the state only under the lock of this object,
 * which is never held while waiting. A connection that was lost is no longer {@code current}: what
 * it still delivers belongs to the gap.
 */
public final class FeedSession implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FeedSession.class);
  private static final int NORMAL_CLOSURE = 1000;
  private static final long CLOSE_WAIT_MS = 1_000;
  private static final int LONGEST_DETAIL = 300;
  private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}+");

  private final String name;
  private final FeedProtocol protocol;
  private final SessionSettings settings;
  private final FeedBuffer buffer;
  private final TickNumbering numbering;
  private final GapLedger ledger;
  private final FeedMetrics metrics;
  private final Clock clock;
  private final FrameRecorder recorder;
  private final Backoff backoff;
  private final IdleWatchdog watchdog;
  private final WebSocketClient client;
  private final ScheduledThreadPoolExecutor scheduler;

  private Connection current;
  private WebSocket lastSocket;
  private boolean announcedLoss;
  private boolean closed;

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
    this.recorder = new FrameRecorder(source, numbering, metrics, protocol::redact);
    this.backoff = new Backoff(settings.reconnectBackoff(), settings.reconnectBackoffMax(), random);
    this.watchdog = new IdleWatchdog(settings.idleTimeout());
    this.client = new WebSocketClient("feed-socket-" + name, settings);
    this.scheduler =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "feed-session-" + name);
              thread.setDaemon(true);
              return thread;
            });
    scheduler.setRemoveOnCancelPolicy(true);
  }

  /** Begins to connect; returns at once. */
  public void open() {
    if (protocol.url().regionMatches(true, 0, "ws:", 0, 3)) {
      log.warn(
          "{}: the connection is not encrypted (ws://): whoever listens on the network can read {}",
          name,
          protocol.credentialKey());
    }
    schedule(this::connect, Duration.ZERO);
  }

  /**
   * Closes the connection and the buffer, and stops every thread, also while connecting. Waits up
   * to a second for the feed to confirm the close; what arrives afterwards is not taken.
   */
  @Override
  public void close() {
    Connection open;
    synchronized (this) {
      closed = true;
      open = current;
      current = null;
      if (open != null) {
        open.socket.close(NORMAL_CLOSURE, null);
      }
    }
    scheduler.shutdownNow();
    buffer.close(); // the socket thread may be waiting for room
    if (open != null && open.opened) {
      open.awaitEnd();
    }
    client.close();
  }

  private void connect() {
    synchronized (this) {
      if (closed) {
        return;
      }
      if (lastSocket != null) {
        // The old connection is gone before a new one opens: a provider that allows one would drop
        // both.
        lastSocket.cancel();
      }
      Connection connection = new Connection();
      connection.socket = client.connect(protocol.url(), connection);
      lastSocket = connection.socket;
      current = connection;
    }
  }

  /** One connection, from the attempt to open it. Its callbacks come on OkHttp's threads. */
  private final class Connection extends WebSocketListener {
    private final CountDownLatch ended = new CountDownLatch(1);
    private WebSocket socket;
    private volatile boolean opened;
    private long openedNanos;
    private long lastFrameNanos;
    private volatile boolean subscribed;
    private boolean blocked;

    @Override
    public void onOpen(WebSocket webSocket, Response response) {
      synchronized (FeedSession.this) {
        if (current != this) {
          return;
        }
        socket = webSocket;
        opened = true;
        openedNanos = System.nanoTime();
        lastFrameNanos = openedNanos;
        long openedAt = clock.millis();
        long session = numbering.openSession(openedAt);
        ledger.opened(openedAt);
        metrics.connected();
        watchdog.touch(openedNanos);
        watch(this, settings.idleTimeout());
        log.info("{}: connected, session {}", name, session);
        subscribe(this, protocol.subscribeFrames().iterator());
      }
    }

    @Override
    public void onMessage(WebSocket webSocket, String text) {
      boolean provesRecovery = subscribed; // read before the clock is
      long receivedAt = clock.millis();
      client.messageComplete();
      metrics.frame();
      List<FeedEvent> events =
          isTooLong(text) ? List.of(tooLong(text)) : protocol.decode(text, receivedAt);
      take(this, events, receivedAt, provesRecovery);
    }

    @Override
    public void onMessage(WebSocket webSocket, ByteString bytes) {
      boolean provesRecovery = subscribed;
      long receivedAt = clock.millis();
      client.messageComplete();
      metrics.frame();
      FeedEvent reject =
          new FeedEvent.Rejected(
              RejectReason.BINARY_FRAME,
              "a binary frame of " + bytes.size() + " bytes",
              bytes.substring(0, Math.min(bytes.size(), 1024)).hex());
      take(this, List.of(reject), receivedAt, provesRecovery);
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
      webSocket.close(NORMAL_CLOSURE, null);
      String words = reason.isEmpty() ? "" : ": " + reason;
      lose(this, GapCause.SERVER_CLOSED, "close code " + code + words, null);
    }

    @Override
    public void onClosed(WebSocket webSocket, int code, String reason) {
      ended.countDown();
    }

    @Override
    public void onFailure(WebSocket webSocket, Throwable error, Response response) {
      ended.countDown();
      // Nothing above this callback would notice a defect in it.
      run(
          () -> {
            if (opened) {
              lose(this, GapCause.CONNECTION_LOST, HandshakeFailure.describe(error), null);
            } else {
              notOpened(
                  this, HandshakeFailure.of(error, response, settings.rateLimitBackoff(), clock));
            }
          });
    }

    private void awaitEnd() {
      try {
        if (!ended.await(CLOSE_WAIT_MS, TimeUnit.MILLISECONDS)) {
          log.debug("{}: the feed did not confirm the close", name);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private boolean isTooLong(String text) {
      // Three bytes at most for a char: most frames need no count.
      return text.length() * 3L > settings.maxFrameBytes()
          && Utf8.size(text) > settings.maxFrameBytes();
    }

    private FeedEvent tooLong(String text) {
      return new FeedEvent.Rejected(
          RejectReason.FRAME_TOO_LARGE,
          "a frame of "
              + Utf8.size(text)
              + " bytes, over frame.max.bytes="
              + settings.maxFrameBytes(),
          text);
    }
  }

  /**
   * Sends the subscribe frames one by one; the last of them begins the wait for the frame that
   * proves recovery.
   */
  private void subscribe(Connection connection, Iterator<String> frames) {
    synchronized (this) {
      if (current != connection) {
        return;
      }
      if (frames.hasNext()) {
        connection.socket.send(frames.next());
      }
      if (frames.hasNext()) {
        schedule(() -> subscribe(connection, frames), settings.subscribeInterval());
      } else {
        connection.subscribed = true;
      }
    }
  }

  /** Takes a frame on the socket thread, waiting for room as the buffer's policy says. */
  private void take(
      Connection connection, List<FeedEvent> events, long receivedAt, boolean provesRecovery) {
    boolean room = awaitRoom(connection);
    synchronized (this) {
      connection.blocked = false;
      if (current != connection) {
        return;
      }
      if (!events.isEmpty() && events.get(0) instanceof FeedEvent.Unauthorized refused) {
        unauthorized(connection, refused);
        return;
      }
      connection.lastFrameNanos = System.nanoTime();
      watchdog.touch(connection.lastFrameNanos);
      ledger.heard(receivedAt);
      List<BufferEntry> entries = new ArrayList<>();
      if (provesRecovery && ledger.hasOpenGaps()) {
        entries.addAll(entries(ledger.recovered(receivedAt)));
        metrics.gapClosed();
        announceRecovery();
      }
      entries.addAll(recorder.record(events, receivedAt));
      buffer.put(entries);
      warnOfRefusals(events);
    }
    if (!room) {
      lose(
          connection,
          GapCause.BACKPRESSURE,
          "the buffer was full for buffer.block.ms=" + settings.blockTimeout().toMillis(),
          null);
    }
  }

  private boolean awaitRoom(Connection connection) {
    try {
      if (buffer.awaitRoom(Duration.ZERO)) {
        return true;
      }
      synchronized (this) {
        connection.blocked = true; // we do not read: silence is ours, not the feed's
      }
      return buffer.awaitRoom(settings.blockTimeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void warnOfRefusals(List<FeedEvent> events) {
    for (FeedEvent event : events) {
      if (event instanceof FeedEvent.Refused refused) {
        log.warn("{}: the feed says: {}", name, words(refused.message()));
      }
    }
  }

  private void unauthorized(Connection connection, FeedEvent.Unauthorized refused) {
    lose(connection, GapCause.UNAUTHORIZED, refused.message(), null);
    failTask("the feed answered '" + words(refused.message()) + "'");
  }

  private void failTask(String why) {
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
   * Ends a connection that had opened: its gap is recorded at once, a new attempt scheduled. Any
   * thread.
   */
  private synchronized void lose(
      Connection connection, GapCause cause, String rawDetail, Duration wait) {
    if (current != connection || closed) {
      return;
    }
    current = null;
    if (cause != GapCause.SERVER_CLOSED) {
      connection.socket.cancel();
    }
    String detail = words(rawDetail);
    if (connection.lastFrameNanos - connection.openedNanos >= settings.stableAfter().toNanos()) {
      backoff.reset();
    }
    buffer.put(entries(ledger.lost(cause, detail)));
    announceLoss(cause, detail);
    retry(cause, wait);
  }

  private synchronized void notOpened(Connection connection, HandshakeFailure failure) {
    if (current != connection || closed) {
      return;
    }
    current = null;
    String detail = words(failure.detail());
    buffer.put(entries(ledger.notOpened(failure.cause(), detail)));
    announceLoss(failure.cause(), detail);
    if (failure.cause() == GapCause.UNAUTHORIZED) {
      failTask(detail);
    } else {
      retry(failure.cause(), failure.retryAfter());
    }
  }

  /** A server that asks for no wait at all still gets the backoff. */
  private void retry(GapCause cause, Duration wait) {
    Duration jitter = backoff.next();
    Duration delay = wait == null || wait.compareTo(jitter) < 0 ? jitter : wait;
    switch (cause) {
      case UNAUTHORIZED -> log.debug("{}: no retry, the task fails", name);
      case BACKPRESSURE -> buffer.whenHalfEmpty(() -> schedule(this::connect, delay));
      default -> {
        log.debug("{}: next attempt in {}", name, delay);
        schedule(this::connect, delay);
      }
    }
  }

  /** One line for an outage, however many attempts it takes. */
  private void announceLoss(GapCause cause, String detail) {
    metrics.lost(cause);
    metrics.gapOpened();
    if (announcedLoss) {
      log.debug("{}: {}, {}", name, cause, detail);
    } else {
      announcedLoss = true;
      String next =
          cause == GapCause.UNAUTHORIZED ? "the task fails" : "reconnecting until it works";
      log.warn("{}: {}, {}; {}", name, cause, detail, next);
    }
  }

  private void announceRecovery() {
    if (announcedLoss) {
      announcedLoss = false;
      log.info("{}: recovered, session {}", name, numbering.session());
    }
  }

  private void watch(Connection connection, Duration remaining) {
    schedule(() -> check(connection), remaining);
  }

  private synchronized void check(Connection connection) {
    if (current != connection) {
      return;
    }
    long now = System.nanoTime();
    if (connection.blocked) {
      watchdog.touch(now);
    }
    Duration remaining = watchdog.remaining(now);
    if (remaining.isNegative() || remaining.isZero()) {
      lose(
          connection,
          GapCause.STALLED,
          "no frame for idle.timeout.ms=" + settings.idleTimeout().toMillis(),
          null);
    } else {
      watch(connection, remaining);
    }
  }

  /** What others say, fit for a log line, a record and an offset: no secret, one line, bounded. */
  private String words(String raw) {
    String line = CONTROLS.matcher(protocol.redact(raw)).replaceAll(" ");
    return line.length() <= LONGEST_DETAIL ? line : line.substring(0, LONGEST_DETAIL) + "…";
  }

  private static List<BufferEntry> entries(List<FeedGap> gaps) {
    List<BufferEntry> entries = new ArrayList<>(gaps.size());
    gaps.forEach(gap -> entries.add(new BufferEntry.Gap(gap)));
    return entries;
  }

  private void schedule(Runnable task, Duration delay) {
    try {
      scheduler.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("{}: closed, nothing more to do", name);
    }
  }

  /**
   * A defect must not end the session in silence: it fails the task. The status of a failed task
   * shows every cause with its message, so the defect comes as its words and its stack alone.
   */
  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      ConnectException failure =
          new ConnectException(name + ": the session failed: " + words(String.valueOf(e)));
      failure.setStackTrace(e.getStackTrace());
      buffer.fail(failure);
    }
  }
}
