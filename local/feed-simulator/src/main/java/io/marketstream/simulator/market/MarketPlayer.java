package io.marketstream.simulator.market;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Decides how many ticks of a market are due. {@link #play} belongs to the sender thread; rate and
 * burst may be set by any thread.
 */
public final class MarketPlayer {

  /** After a delay of the machine, the market catches up on at most this time. */
  private static final long MAX_CATCH_UP_NANOS = Duration.ofSeconds(2).toNanos();

  private final Market market;
  private final Clock clock;
  private volatile double ticksPerSecond;
  private volatile Burst burst = new Burst(1, 0, 0);
  private Set<String> symbols = Set.of();
  private long lastNanos;
  private long lastMs;
  private double due;

  /** A burst that begins at a value of {@code System.nanoTime()} and lasts {@code nanos}. */
  private record Burst(int factor, long fromNanos, long nanos) {

    /** The extra nanoseconds that the burst adds to the time since {@code lastNanos}. */
    long extra(long lastNanos, long nowNanos) {
      long begin = Math.max(0, lastNanos - fromNanos);
      long end = Math.min(nanos, nowNanos - fromNanos);
      return Math.max(0, end - begin) * (factor - 1);
    }
  }

  public MarketPlayer(Market market, double ticksPerSecond, Clock clock) {
    this.market = market;
    this.ticksPerSecond = ticksPerSecond;
    this.clock = clock;
  }

  public void setRate(double newTicksPerSecond) {
    ticksPerSecond = newTicksPerSecond;
  }

  /**
   * Starts a burst. If it ends before the next call of {@link #play}, that call returns its ticks.
   */
  public void burst(int factor, Duration duration) {
    burst = new Burst(factor, System.nanoTime(), duration.toNanos());
  }

  /** The messages that are due since the last call. Empty while no symbol is subscribed. */
  public List<List<? extends SimTick>> play(Set<String> subscribed) {
    long nowNanos = System.nanoTime();
    long nowMs = clock.millis();
    List<List<? extends SimTick>> messages = List.of();
    if (subscribed.isEmpty() || symbols.isEmpty()) {
      due = 0;
    } else {
      long elapsed = Math.min(MAX_CATCH_UP_NANOS, nowNanos - lastNanos);
      due += (elapsed + burst.extra(lastNanos, nowNanos)) / 1e9 * ticksPerSecond;
      messages = market.next((int) due, lastMs, nowMs);
      due -= (int) due;
    }
    if (!symbols.equals(subscribed)) {
      symbols = subscribed;
      market.use(subscribed);
    }
    lastNanos = nowNanos;
    lastMs = nowMs;
    return messages;
  }
}
