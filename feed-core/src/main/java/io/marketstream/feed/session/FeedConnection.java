package io.marketstream.feed.session;

import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FeedProtocol;
import io.marketstream.feed.protocol.SecretMask;
import io.marketstream.model.GapCause;
import io.marketstream.model.RejectReason;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import okio.Utf8;

/**
 * One connection, from the attempt to open it. Its callbacks come on OkHttp's threads; it decodes
 * frames there and hands everything else to its session.
 */
final class FeedConnection extends WebSocketListener {

  /** What a connection tells its session. Called on OkHttp's threads. */
  interface Session {

    void opened(FeedConnection connection);

    /**
     * @param events what the frame says, in wire order
     * @param receivedAt epoch ms at which it was read
     * @param readNanos the same instant on the monotonic clock
     */
    void frame(FeedConnection connection, List<FeedEvent> events, long receivedAt, long readNanos);

    void lost(FeedConnection connection, GapCause cause, String detail);

    void notOpened(FeedConnection connection, HandshakeFailure failure);

    /** A callback threw: nothing above it would notice. */
    void failed(Throwable defect);
  }

  private static final int NORMAL_CLOSURE = 1000;
  private static final int SHOWN_OF_BINARY = 1024;

  private final Session session;
  private final FeedProtocol protocol;
  private final SessionSettings settings;
  private final WebSocketClient client;
  private final FeedMetrics metrics;
  private final Clock clock;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile WebSocket socket;
  private String lastTicks; // of the socket thread
  private volatile boolean opened;
  private volatile long attemptedNanos;

  FeedConnection(
      Session session,
      FeedProtocol protocol,
      SessionSettings settings,
      WebSocketClient client,
      FeedMetrics metrics,
      Clock clock) {
    this.session = session;
    this.protocol = protocol;
    this.settings = settings;
    this.client = client;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Begins to open it; returns at once. */
  void open() {
    attemptedNanos = System.nanoTime();
    socket = client.connect(protocol.url(), this);
  }

  void send(String frame) {
    socket.send(frame);
  }

  /** How long it took to open, to be called when it has. */
  Duration handshake() {
    return Duration.ofNanos(System.nanoTime() - attemptedNanos);
  }

  /** Closes the socket at once, in whatever state it is. */
  void cancel() {
    WebSocket open = socket;
    if (open != null) {
      open.cancel();
    }
  }

  /** Says goodbye and waits for the feed to confirm it, if there is anyone to say it to. */
  void close(Duration atMost) throws InterruptedException {
    WebSocket open = socket;
    if (open != null && open.close(NORMAL_CLOSURE, null) && opened) {
      boolean confirmed = ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
      if (confirmed) {
        return;
      }
    }
    cancel();
  }

  @Override
  public void onOpen(WebSocket webSocket, Response response) {
    socket = webSocket;
    opened = true;
    client.messageComplete(); // what TLS and the handshake read is no message
    client.nameReader();
    guarded(() -> session.opened(this));
  }

  @Override
  public void onMessage(WebSocket webSocket, String text) {
    guarded(() -> read(text));
  }

  @Override
  public void onMessage(WebSocket webSocket, ByteString bytes) {
    guarded(() -> read(bytes));
  }

  private void read(String text) {
    long readNanos = System.nanoTime();
    long receivedAt = frameRead();
    List<FeedEvent> events =
        isTooLong(text) ? List.of(tooLong(text)) : protocol.decode(text, receivedAt);
    if (!events.isEmpty() && events.get(0) instanceof FeedEvent.Tick) {
      if (text.equals(lastTicks)) {
        metrics.repeated();
      }
      lastTicks = text;
    }
    session.frame(this, events, receivedAt, readNanos);
  }

  private void read(ByteString bytes) {
    long readNanos = System.nanoTime();
    long receivedAt = frameRead();
    FeedEvent reject =
        new FeedEvent.Rejected(
            RejectReason.BINARY_FRAME,
            "a binary frame of " + bytes.size() + " bytes",
            shown(bytes));
    session.frame(this, List.of(reject), receivedAt, readNanos);
  }

  /**
   * OkHttp takes an exception for the end of the connection, and an Error ends its thread without a
   * word to us.
   */
  private void guarded(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException | Error e) {
      session.failed(e);
    }
  }

  /** The begin of a binary frame in hex, masked before it is cut. */
  private String shown(ByteString bytes) {
    String hex = bytes.substring(0, Math.min(bytes.size(), 2 * SHOWN_OF_BINARY)).hex();
    // Of a secret that the cut splits, a piece too short to be known as one may be left before it.
    int known = bytes.size() > 2 * SHOWN_OF_BINARY ? 2 * SecretMask.SHORTEST_PIECE : 0;
    String masked = protocol.redact(hex);
    return masked.substring(0, Math.min(masked.length() - known, 2 * SHOWN_OF_BINARY));
  }

  private long frameRead() {
    client.messageComplete();
    metrics.frame();
    return clock.millis();
  }

  @Override
  public void onClosing(WebSocket webSocket, int code, String reason) {
    webSocket.close(NORMAL_CLOSURE, null);
    String words = reason.isEmpty() ? "" : ": " + reason;
    guarded(() -> session.lost(this, GapCause.SERVER_CLOSED, "close code " + code + words));
  }

  @Override
  public void onClosed(WebSocket webSocket, int code, String reason) {
    ended.countDown();
  }

  @Override
  public void onFailure(WebSocket webSocket, Throwable error, Response response) {
    ended.countDown();
    guarded(() -> ended(error, response));
  }

  private void ended(Throwable error, Response response) {
    if (opened) {
      session.lost(this, GapCause.CONNECTION_LOST, HandshakeFailure.describe(error));
    } else {
      session.notOpened(
          this, HandshakeFailure.of(error, response, settings.rateLimitBackoff(), clock));
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
