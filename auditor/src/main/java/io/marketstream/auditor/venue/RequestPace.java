package io.marketstream.auditor.venue;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Keeps requests apart. Not thread-safe. */
public final class RequestPace {
  /** Waits. */
  @FunctionalInterface
  public interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
  }

  private final LongSupplier nanoTime;
  private final Sleeper sleeper;
  private final long nanosBetween;
  private long nextAt;
  private boolean isFirst = true;

  /**
   * @param nanoTime a monotonic clock, as {@link System#nanoTime}
   * @param perSecond how many requests may begin per second
   */
  public RequestPace(LongSupplier nanoTime, Sleeper sleeper, int perSecond) {
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
    this.nanosBetween = Duration.ofSeconds(1).toNanos() / perSecond;
  }

  /** Creates a pace by the clock of the JVM. */
  public static RequestPace of(int perSecond) {
    return new RequestPace(
        System::nanoTime, duration -> Thread.sleep(duration.toMillis()), perSecond);
  }

  /** Waits until the next request may begin. */
  void await() throws InterruptedException {
    long wait = nextAt - nanoTime.getAsLong();
    if (!isFirst && wait > 0) {
      sleeper.sleep(Duration.ofNanos(wait).plusMillis(1)); // milliseconds are cut
    }
    isFirst = false;
    nextAt = nanoTime.getAsLong() + nanosBetween;
  }

  /** Waits because the venue asked for it. */
  void backOff(Duration duration) throws InterruptedException {
    sleeper.sleep(duration);
  }
}
