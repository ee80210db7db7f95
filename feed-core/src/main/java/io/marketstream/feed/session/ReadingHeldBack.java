package io.marketstream.feed.session;

import io.marketstream.feed.buffer.FeedBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Waits for room in the buffer before a frame is taken, and knows for how long reading was held
 * back so since the buffer was last half empty. A feed's pong arrives behind the frames that wait:
 * where it is late for that reason the connection is not dead. Waits on the socket thread; asked on
 * any.
 */
final class ReadingHeldBack {

  private static final String NO_PONG = "sent ping but didn't receive pong"; // OkHttp's words

  private final FeedBuffer buffer;
  private final Duration blockTimeout;
  private final Duration pingInterval;
  private final LongSupplier nanoTime;
  private final AtomicLong waitedNanos = new AtomicLong();

  /**
   * @param nanoTime a monotonic clock
   */
  ReadingHeldBack(FeedBuffer buffer, SessionSettings settings, LongSupplier nanoTime) {
    this.buffer = buffer;
    this.blockTimeout = settings.blockTimeout();
    this.pingInterval = settings.pingInterval();
    this.nanoTime = nanoTime;
  }

  /**
   * Waits until a frame may be put, as the buffer's policy says.
   *
   * @param onWait called before it waits, if it has to
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
   * Whether a connection was lost because its pong waits behind what we do not read: reading was
   * held back for half a ping interval in all, and still is.
   *
   * @param detail what OkHttp says of the loss
   */
  boolean delayedThePong(String detail) {
    return detail.contains(NO_PONG)
        && waitedNanos.get() >= pingInterval.toNanos() / 2
        && !buffer.isHalfEmpty();
  }
}
