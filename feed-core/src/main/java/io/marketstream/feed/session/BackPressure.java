package io.marketstream.feed.session;

import io.marketstream.feed.buffer.FeedBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Waits for room in the buffer before the session takes a frame. It also adds up how long it has
 * waited since the buffer was last half empty. A feed's pong arrives behind the frames that wait,
 * so a late pong does not always mean that the connection is dead. {@link #awaitRoom} is called on
 * the socket thread, the other methods on any thread.
 */
final class BackPressure {

  private static final String NO_PONG = "sent ping but didn't receive pong"; // OkHttp's message

  private final FeedBuffer buffer;
  private final Duration blockTimeout;
  private final Duration pingInterval;
  private final LongSupplier nanoTime;
  private final AtomicLong waitedNanos = new AtomicLong();

  /**
   * @param nanoTime a monotonic clock
   */
  BackPressure(FeedBuffer buffer, SessionSettings settings, LongSupplier nanoTime) {
    this.buffer = buffer;
    this.blockTimeout = settings.blockTimeout();
    this.pingInterval = settings.webSocket().pingInterval();
    this.nanoTime = nanoTime;
  }

  /**
   * Waits until the buffer's policy allows the next frame.
   *
   * @param onWait called before a wait
   * @return whether there is room
   */
  boolean awaitRoom(Runnable onWait) throws InterruptedException {
    if (buffer.awaitRoom(Duration.ZERO)) {
      if (waitedNanos.get() > 0 && buffer.isHalfEmpty()) {
        waitedNanos.set(0);
      }
      return true;
    }
    onWait.run();
    long begin = nanoTime.getAsLong();
    boolean room = buffer.awaitRoom(blockTimeout);
    waitedNanos.addAndGet(nanoTime.getAsLong() - begin);
    return room;
  }

  /**
   * Whether a connection was lost because its pong waits behind frames that we do not read. This is
   * so if we did not read for half a ping interval in total and the buffer is still full.
   *
   * @param detail OkHttp's message about the loss
   */
  boolean explainsMissingPong(String detail) {
    return detail.contains(NO_PONG)
        && waitedNanos.get() >= pingInterval.toNanos() / 2
        && !buffer.isHalfEmpty();
  }
}
