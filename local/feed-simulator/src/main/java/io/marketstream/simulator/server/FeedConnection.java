package io.marketstream.simulator.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One websocket connection of a simulated feed. It works on frames, because tests also send what a
 * feed should not send.
 *
 * <p>{@link #write} is called by the thread of its {@link Outbox} only. The handler methods run on
 * Jetty's threads. Everything that ends the connection may be called from any thread, also while a
 * write is blocked by a client that does not read: the write then fails.
 */
public final class FeedConnection implements FrameHandler {

  private static final Logger LOG = LoggerFactory.getLogger(FeedConnection.class);
  private static final long MAX_WAIT_FOR_WRITE_MS = 50;
  private static final int MAX_MESSAGE_BYTES = 1 << 16;

  /** Receives the events of a connection; called on Jetty's threads. */
  interface Listener {
    void opened(FeedConnection connection);

    void received(FeedConnection connection, String text);

    void closed(FeedConnection connection);
  }

  private final @Nullable String credential;
  private final long number;
  private final EndPoint endPoint;
  private final Listener listener;
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private volatile Set<String> subscriptions;

  @SuppressWarnings("NullAway.Init") // set by onOpen, before any other use
  private volatile CoreSession session;

  private final ReentrantLock writing = new ReentrantLock();
  private volatile boolean stalled;
  private volatile boolean answersPings = true;
  private volatile boolean isClosing;
  private volatile long openedAt;

  @SuppressWarnings("NullAway.Init") // set before any other thread sees the connection
  private volatile Outbox outbox;

  private final AtomicBoolean cut = new AtomicBoolean();

  FeedConnection(
      HandshakeVerdict.Accepted accepted, long number, EndPoint endPoint, Listener listener) {
    this.number = number;
    this.credential = accepted.credential();
    this.subscriptions = accepted.subscriptions();
    this.endPoint = endPoint;
    this.listener = listener;
  }

  /** The key of this connection; null if the client sent a wrong one. */
  public @Nullable String credential() {
    return credential;
  }

  /**
   * The number of this connection. It rises in the order of the handshakes; the connections may
   * open in another order.
   */
  public long number() {
    return number;
  }

  long openedAt() {
    return openedAt;
  }

  void openedAt(long millis) {
    openedAt = millis;
  }

  /** The messages that wait to be sent; set before any other thread sees the connection. */
  Outbox outbox() {
    return outbox;
  }

  void outbox(Outbox newOutbox) {
    outbox = newOutbox;
  }

  /**
   * The symbols that this connection subscribed to, oldest first; a snapshot that does not change.
   */
  public Set<String> subscriptions() {
    return subscriptions;
  }

  /**
   * Subscribes, unless {@code limit} symbols are subscribed already. Returns whether the symbol is
   * subscribed now.
   */
  public synchronized boolean subscribe(String symbol, int limit) {
    Set<String> more = new LinkedHashSet<>(subscriptions);
    if (!more.contains(symbol) && more.size() >= limit) {
      return false;
    }
    more.add(symbol);
    subscriptions = more;
    return true;
  }

  public synchronized void unsubscribe(String symbol) {
    Set<String> fewer = new LinkedHashSet<>(subscriptions);
    fewer.remove(symbol);
    subscriptions = fewer;
  }

  /** Marks the connection as cut off. Returns whether this was the first call. */
  boolean markCut() {
    return cut.compareAndSet(false, true);
  }

  boolean isStalled() {
    return stalled;
  }

  void stall(boolean answeringPings) {
    stalled = true;
    answersPings = answeringPings;
  }

  void resume() {
    stalled = false;
    answersPings = true;
  }

  /**
   * Writes one frame and waits until the operating system has taken it, or the write failed. After
   * a failure the connection is dropped: a message that may be cut in two must be its last. During
   * the closing handshake every write fails, and the client must be able to read the close frame.
   *
   * @return whether the write succeeded
   */
  boolean write(byte opCode, byte[] payload) throws InterruptedException {
    writing.lock();
    try {
      Callback.Completable written = new Callback.Completable();
      session.sendFrame(new Frame(opCode, ByteBuffer.wrap(payload)), written, false);
      written.get();
      return true;
    } catch (ExecutionException e) {
      LOG.debug("Write to connection {} failed", number, e.getCause());
      if (!isClosing) {
        drop();
      }
      return false;
    } finally {
      writing.unlock();
    }
  }

  /** Starts the closing handshake. No message is written after it. */
  public void close(int code, String reason) {
    isClosing = true;
    session.close(code, reason, Callback.NOOP);
  }

  /**
   * Closes the TCP connection without a close frame: the client sees an end of stream. It lets a
   * write end first. Otherwise the client could have read a message whose write failed. A client
   * that does not read blocks its write, so the wait is short.
   */
  public void drop() {
    boolean isBetweenWrites = false;
    try {
      isBetweenWrites = writing.tryLock(MAX_WAIT_FOR_WRITE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      session.abort();
    } finally {
      if (isBetweenWrites) {
        writing.unlock();
      }
    }
  }

  /** Resets the TCP connection: what is in flight is discarded, the client sees a reset. */
  void reset() {
    if (endPoint.getTransport() instanceof SocketChannel channel) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        LOG.debug("Connection {} was closed before it could be reset", number, e);
      }
    }
    drop();
  }

  @Override
  public void onOpen(CoreSession coreSession, Callback callback) {
    session = coreSession;
    // The feed keeps an idle connection open, and sends each message as one frame of any size.
    coreSession.setIdleTimeout(Duration.ZERO);
    coreSession.setAutoFragment(false);
    coreSession.setMaxFrameSize(0);
    listener.opened(this);
    callback.succeeded();
    coreSession.demand();
  }

  @Override
  public void onFrame(Frame frame, Callback callback) {
    switch (frame.getOpCode()) {
      case OpCode.TEXT, OpCode.CONTINUATION -> collect(frame);
      case OpCode.PING -> answer(frame);
      default -> LOG.debug("Ignored frame {} of the client", frame);
    }
    callback.succeeded();
    if (frame.getOpCode() != OpCode.CLOSE) {
      session.demand();
    }
  }

  private void collect(Frame frame) {
    ByteBuffer payload = frame.getPayload();
    if (payload != null && message.size() + payload.remaining() <= MAX_MESSAGE_BYTES) {
      byte[] bytes = new byte[payload.remaining()];
      payload.get(bytes);
      message.writeBytes(bytes);
    }
    if (frame.isFin()) {
      String text = message.toString(StandardCharsets.UTF_8);
      message.reset();
      listener.received(this, text);
    }
  }

  private void answer(Frame ping) {
    if (answersPings) {
      ByteBuffer copy = ByteBuffer.allocate(ping.getPayloadLength());
      if (ping.hasPayload()) {
        copy.put(ping.getPayload());
      }
      session.sendFrame(new Frame(OpCode.PONG, copy.flip()), Callback.NOOP, false);
    }
  }

  @Override
  public void onError(Throwable cause, Callback callback) {
    LOG.debug("Connection {} failed", number, cause);
    callback.succeeded();
  }

  @Override
  public void onClosed(CloseStatus status, Callback callback) {
    LOG.debug("Connection {} closed: {}", number, status);
    listener.closed(this);
    callback.succeeded();
  }
}
