package io.marketstream.feed.websocket;

import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FeedProtocol;
import io.marketstream.feed.protocol.SecretMask;
import io.marketstream.model.GapCause;
import io.marketstream.model.RejectReason;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import okio.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * One websocket connection to a feed, from the attempt to open it until it has ended. It decodes
 * frames on OkHttp's threads and reports everything to its {@link Listener}.
 */
public final class FeedConnection extends WebSocketListener {

  /** Receives the events of a connection, on OkHttp's threads. */
  public interface Listener {

    /** The connection has opened. */
    void opened(FeedConnection connection);

    /**
     * A frame has arrived.
     *
     * @param events the events of the frame, in wire order
     * @param receivedAt epoch ms at which the frame was read
     * @param readNanos the same instant on the monotonic clock
     */
    void frame(FeedConnection connection, List<FeedEvent> events, long receivedAt, long readNanos);

    /** A connection that had opened has ended. */
    void lost(FeedConnection connection, GapCause cause, String detail);

    /** The connection could not be opened. */
    void notOpened(FeedConnection connection, HandshakeFailure failure);

    /** A callback threw an exception, which OkHttp would not report. */
    void failed(Throwable defect);
  }

  private static final int NORMAL_CLOSURE = 1000;
  private static final int MAX_BINARY_EXCERPT_BYTES = 1024;

  private final Listener listener;
  private final FeedProtocol protocol;
  private final WebSocketSettings settings;
  private final WebSocketClient client;
  private final FeedMetrics metrics;
  private final Clock clock;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable WebSocket socket; // null before the attempt to open
  private @Nullable String lastTickFrame; // only on the socket thread
  private volatile boolean opened;
  private volatile long attemptedNanos;

  public FeedConnection(
      Listener listener,
      FeedProtocol protocol,
      WebSocketSettings settings,
      WebSocketClient client,
      FeedMetrics metrics,
      Clock clock) {
    this.listener = listener;
    this.protocol = protocol;
    this.settings = settings;
    this.client = client;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Starts to open the connection and returns at once. */
  public void open() {
    attemptedNanos = System.nanoTime();
    socket = client.connect(protocol.url(), this);
  }

  /** Sends a text frame. */
  public void send(String frame) {
    Objects.requireNonNull(socket, "the connection has not been opened").send(frame);
  }

  /** How long the handshake took, to be called once the connection has opened. */
  public Duration handshake() {
    return Duration.ofNanos(System.nanoTime() - attemptedNanos);
  }

  /** Closes the socket at once, in whatever state it is. */
  public void cancel() {
    WebSocket open = socket;
    if (open != null) {
      open.cancel();
    }
  }

  /**
   * Sends a close frame and waits for the feed to confirm it. If the connection has not opened, it
   * closes the socket at once.
   */
  public void close(Duration timeout) throws InterruptedException {
    WebSocket open = socket;
    if (open != null && open.close(NORMAL_CLOSURE, null) && opened) {
      boolean confirmed = ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
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
    client.messageComplete(); // the bytes of TLS and of the handshake do not count
    client.nameSocketThread();
    guarded(() -> listener.opened(this));
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
        isTooLarge(text) ? List.of(tooLarge(text)) : protocol.decode(text, receivedAt);
    if (!events.isEmpty() && events.get(0) instanceof FeedEvent.Tick) {
      if (text.equals(lastTickFrame)) {
        metrics.repeated();
      }
      lastTickFrame = text;
    }
    listener.frame(this, events, receivedAt, readNanos);
  }

  private void read(ByteString bytes) {
    long readNanos = System.nanoTime();
    long receivedAt = frameRead();
    FeedEvent reject =
        new FeedEvent.Rejected(
            RejectReason.BINARY_FRAME,
            "a binary frame of " + bytes.size() + " bytes",
            excerpt(bytes));
    listener.frame(this, List.of(reject), receivedAt, readNanos);
  }

  /**
   * Reports what the callback throws. OkHttp would take an exception for the end of the connection,
   * and an Error would end its thread silently.
   */
  private void guarded(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException | Error e) {
      listener.failed(e);
    }
  }

  /** The beginning of a binary frame in hex, masked before it is cut. */
  private String excerpt(ByteString bytes) {
    String hex = bytes.substring(0, Math.min(bytes.size(), 2 * MAX_BINARY_EXCERPT_BYTES)).hex();
    // The cut may split a secret. The mask does not find a piece that is too short, so drop it.
    int unsafe = bytes.size() > 2 * MAX_BINARY_EXCERPT_BYTES ? 2 * SecretMask.MIN_PIECE_LENGTH : 0;
    String masked = protocol.redact(hex);
    return masked.substring(0, Math.min(masked.length() - unsafe, 2 * MAX_BINARY_EXCERPT_BYTES));
  }

  private long frameRead() {
    client.messageComplete();
    metrics.frame();
    return clock.millis();
  }

  @Override
  public void onClosing(WebSocket webSocket, int code, String reason) {
    webSocket.close(NORMAL_CLOSURE, null);
    String suffix = reason.isEmpty() ? "" : ": " + reason;
    guarded(() -> listener.lost(this, GapCause.SERVER_CLOSED, "close code " + code + suffix));
  }

  @Override
  public void onClosed(WebSocket webSocket, int code, String reason) {
    ended.countDown();
  }

  @Override
  public void onFailure(WebSocket webSocket, Throwable error, @Nullable Response response) {
    ended.countDown();
    guarded(() -> ended(error, response));
  }

  private void ended(Throwable error, @Nullable Response response) {
    if (opened) {
      listener.lost(this, GapCause.CONNECTION_LOST, HandshakeFailure.describe(error));
    } else {
      listener.notOpened(
          this, HandshakeFailure.of(error, response, settings.rateLimitBackoff(), clock));
    }
  }

  private boolean isTooLarge(String text) {
    // A char takes at most three bytes, so most frames need no exact count.
    return text.length() * 3L > settings.maxFrameBytes()
        && Utf8.size(text) > settings.maxFrameBytes();
  }

  private FeedEvent tooLarge(String text) {
    return new FeedEvent.Rejected(
        RejectReason.FRAME_TOO_LARGE,
        "a frame of "
            + Utf8.size(text)
            + " bytes, over "
            + WebSocketConfig.FRAME_MAX_BYTES
            + "="
            + settings.maxFrameBytes(),
        text);
  }
}
