package io.marketstream.feed.session;

import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.buffer.OverflowPolicy;
import io.marketstream.model.GapCause;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the session tries to connect: after the backoff or as late as the server asks, once the
 * buffer is half empty (with {@code drop_oldest} only after backpressure), and never right after
 * the process stood still. Thread-safe, and called under the session's lock or not; takes that lock
 * only by connecting.
 */
final class ConnectAttempts {

  private static final Logger log = LoggerFactory.getLogger(FeedSession.class);

  /** Runs a task later, as {@link SessionScheduler} does. */
  interface Schedule {
    void schedule(Runnable task, Duration delay);
  }

  private final String name;
  private final Backoff backoff;
  private final FeedBuffer buffer;
  private final Schedule scheduler;
  private final LongSupplier nanoTime;
  private final Runnable connect;
  private final Duration shortestStandstill;
  private final Standstill standstill;

  /**
   * @param name the connector's, for log lines
   * @param shortestStandstill of the process that may have cost the worker its tasks
   * @param settling how long the feed is left alone after one
   * @param buffer tells when it has room again
   * @param scheduler on its thread the attempts run
   * @param nanoTime a monotonic clock
   * @param connect one attempt
   */
  ConnectAttempts(
      String name,
      Backoff backoff,
      Duration shortestStandstill,
      Duration settling,
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
    this.shortestStandstill = shortestStandstill;
    this.standstill = new Standstill(shortestStandstill, settling, nanoTime.getAsLong());
  }

  /** Called once: the first attempt comes at once, and the process begins to say that it runs. */
  void begin() {
    scheduler.schedule(this::attempt, Duration.ZERO);
    scheduler.schedule(this::sayThatWeRun, Standstill.TICK);
  }

  /**
   * An attempt has failed or a connection is gone: the next comes later.
   *
   * @param cause of {@code UNAUTHORIZED} there is no next attempt
   * @param atLeast what the server asks for; also one that asks for no wait at all gets the backoff
   */
  synchronized void again(GapCause cause, Duration atLeast) {
    if (cause == GapCause.UNAUTHORIZED) {
      log.debug("{}: no retry, the task fails", name);
      return;
    }
    Duration jitter = backoff.next();
    Duration delay = atLeast.compareTo(jitter) < 0 ? jitter : atLeast;
    if (cause == GapCause.BACKPRESSURE || buffer.policy() == OverflowPolicy.BLOCK) {
      // A connection into a full buffer would be held back at once, and lost again.
      buffer.whenHalfEmpty(() -> schedule(delay));
    } else {
      schedule(delay);
    }
  }

  private void schedule(Duration delay) {
    log.debug("{}: next attempt in {}", name, delay);
    scheduler.schedule(this::attempt, delay);
  }

  /**
   * A connection is gone.
   *
   * @param delivered from its opening to its last frame; zero if it got none
   */
  synchronized void ended(Duration delivered) {
    backoff.ended(delivered);
  }

  private void attempt() {
    Duration holdOff = holdOff();
    if (holdOff.isZero()) {
      connect.run();
      return;
    }
    log.warn(
        "{}: this worker stood still for more than {} s and another may have the task: next attempt in {}",
        name,
        shortestStandstill.toSeconds(),
        holdOff);
    scheduler.schedule(this::attempt, holdOff);
  }

  private synchronized Duration holdOff() {
    long now = nanoTime.getAsLong();
    standstill.running(now);
    return standstill.holdOff(now);
  }

  private synchronized void sayThatWeRun() {
    standstill.running(nanoTime.getAsLong());
    scheduler.schedule(this::sayThatWeRun, Standstill.TICK);
  }
}
