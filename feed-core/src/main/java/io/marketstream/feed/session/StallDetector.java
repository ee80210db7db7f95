package io.marketstream.feed.session;

import java.time.Duration;

/**
 * Decides when a silent connection counts as stalled: after {@code idle.timeout.ms} without a
 * frame, or after {@code tick.silence.ms} without a tick if that is set. Pure: the caller passes
 * the time, in ns of any monotonic clock. Not thread-safe: guarded by the session's lock.
 */
final class StallDetector {

  private final Duration idleTimeout;
  private final Duration tickSilence;
  private final boolean ticksRequired;
  private final IdleWatchdog frames;
  private final IdleWatchdog ticks; // not used unless ticksRequired
  private long openedNanos;
  private long lastFrameNanos;
  private long lastProofNanos;

  /**
   * @param tickSilence zero if a connection may send frames without ticks for any time
   * @param now stands for the opening until the first connection opens
   */
  StallDetector(Duration idleTimeout, Duration tickSilence, long now) {
    this.idleTimeout = idleTimeout;
    this.tickSilence = tickSilence;
    this.ticksRequired = !tickSilence.isZero();
    this.frames = new IdleWatchdog(idleTimeout);
    this.ticks = new IdleWatchdog(tickSilence);
    this.openedNanos = now;
  }

  /** A connection has opened. */
  void opened(long now) {
    openedNanos = now;
    lastFrameNanos = now;
    lastProofNanos = now;
    frames.touch(now);
    ticks.touch(now);
  }

  /** Whether a frame proves that nothing was missed until it arrived. */
  boolean isProof(boolean hasTicks) {
    return hasTicks || !ticksRequired;
  }

  /** A frame has been recorded. */
  void received(boolean hasTicks, long now) {
    lastFrameNanos = now;
    frames.touch(now);
    if (isProof(hasTicks)) {
      lastProofNanos = now;
      ticks.touch(now);
    }
  }

  /** The session does not read the socket, so the silence is not the feed's. */
  void readingPaused(long now) {
    frames.touch(now);
    ticks.touch(now);
  }

  /** How long the connection may still be silent; zero or less if it counts as stalled. */
  Duration remaining(long now) {
    Duration untilIdle = frames.remaining(now);
    if (!ticksRequired) {
      return untilIdle;
    }
    Duration untilTickSilence = ticks.remaining(now);
    return untilTickSilence.compareTo(untilIdle) < 0 ? untilTickSilence : untilIdle;
  }

  /** Which limit a stalled connection has exceeded, for the gap record. */
  String detail(long now) {
    return frames.remaining(now).compareTo(Duration.ZERO) <= 0
        ? "no frame for " + ConnectionConfig.IDLE_TIMEOUT_MS + "=" + idleTimeout.toMillis()
        : "no tick for " + ConnectionConfig.TICK_SILENCE_MS + "=" + tickSilence.toMillis();
  }

  /** The time between the opening of the newest connection and its last frame. */
  Duration delivered() {
    return Duration.ofNanos(lastFrameNanos - openedNanos);
  }

  /** When the newest connection opened. */
  long openedNanos() {
    return openedNanos;
  }

  /** When the newest frame arrived that proves that nothing was missed until then. */
  long lastProofNanos() {
    return lastProofNanos;
  }
}
