package io.marketstream.feed.session;

import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.buffer.OverflowPolicy;
import io.marketstream.model.GapCause;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules the attempts to connect. An attempt comes after the backoff, or as late as the server
 * asks. It waits until the buffer is half empty (with {@code drop_oldest} only after
 * back-pressure), and it never comes right after a pause of the process. Thread-safe. It takes the
 * session's lock only to connect.
 */
final class ConnectAttempts {

  private static final Logger LOG = LoggerFactory.getLogger(FeedSession.class);

  /** Runs a task after a delay, like {@link SessionScheduler}. */
  interface Schedule {
    void schedule(Runnable task, Duration delay);
  }

  private final String name;
  private final Backoff backoff;
  private final FeedBuffer buffer;
  private final Schedule scheduler;
  private final LongSupplier nanoTime;
  private final Runnable connect;
  private final Duration pauseThreshold;
  private final ProcessPauseDetector pauses;

  /**
   * @param name the name of the connector, for log lines
   * @param pauseThreshold after a longer pause of the process, another worker may have the task
   * @param pauseBackoff how long not to connect after such a pause
   * @param buffer reports when it is half empty
   * @param scheduler runs the attempts
   * @param nanoTime a monotonic clock
   * @param connect one attempt
   */
  ConnectAttempts(
      String name,
      Backoff backoff,
      Duration pauseThreshold,
      Duration pauseBackoff,
      FeedBuffer buffer,
      Schedule scheduler,
      LongSupplier nanoTime,
      Runnable connect) {
    this.name = name;
    this.backoff = backoff;
    this.buffer = buffer;
    this.scheduler = scheduler;
    this.nanoTime = nanoTime;
    this.connect = connect;
    this.pauseThreshold = pauseThreshold;
    this.pauses = new ProcessPauseDetector(pauseThreshold, pauseBackoff, nanoTime.getAsLong());
  }

  /** Schedules the first attempt for now, and starts to watch for pauses. Called once. */
  void start() {
    scheduler.schedule(this::attempt, Duration.ZERO);
    scheduler.schedule(this::detectPause, ProcessPauseDetector.CHECK_INTERVAL);
  }

  /**
   * Schedules the next attempt after an attempt has failed or a connection has ended.
   *
   * @param cause after {@code UNAUTHORIZED} there is no next attempt
   * @param atLeast the wait that the server asks for; the backoff applies even if it is zero
   */
  synchronized void scheduleNext(GapCause cause, Duration atLeast) {
    if (cause == GapCause.UNAUTHORIZED) {
      LOG.debug("{}: no further attempt, the task fails", name);
      return;
    }
    Duration jitter = backoff.next();
    Duration delay = atLeast.compareTo(jitter) < 0 ? jitter : atLeast;
    if (cause == GapCause.BACKPRESSURE || buffer.policy() == OverflowPolicy.BLOCK) {
      // With a full buffer the session could not read the new connection, and would lose it again.
      buffer.whenHalfEmpty(() -> schedule(delay));
    } else {
      schedule(delay);
    }
  }

  private void schedule(Duration delay) {
    LOG.debug("{}: next attempt in {}", name, delay);
    scheduler.schedule(this::attempt, delay);
  }

  /**
   * A connection has ended.
   *
   * @param delivered the time between its opening and its last frame; zero if it delivered none
   */
  synchronized void connectionEnded(Duration delivered) {
    backoff.connectionEnded(delivered);
  }

  private void attempt() {
    Duration wait = remainingBackoff();
    if (wait.isZero()) {
      connect.run();
      return;
    }
    LOG.warn(
        "{}: this process was paused for more than {} s, so another worker may have taken over the"
            + " task: next attempt in {}",
        name,
        pauseThreshold.toSeconds(),
        wait);
    scheduler.schedule(this::attempt, wait);
  }

  private synchronized Duration remainingBackoff() {
    long now = nanoTime.getAsLong();
    pauses.check(now);
    return pauses.remainingBackoff(now);
  }

  private synchronized void detectPause() {
    pauses.check(nanoTime.getAsLong());
    scheduler.schedule(this::detectPause, ProcessPauseDetector.CHECK_INTERVAL);
  }
}
