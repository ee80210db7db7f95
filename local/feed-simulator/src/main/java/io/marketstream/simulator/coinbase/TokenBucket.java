package io.marketstream.simulator.coinbase;

import java.util.function.LongSupplier;

/** Limits a rate. The bucket starts full. Thread-safe. */
final class TokenBucket {

  private final double perSecond;
  private final int burst;
  private final LongSupplier nanoTime;
  private double tokens;
  private long lastNanos;

  /**
   * @param perSecond how many tokens come back per second
   * @param burst how many tokens the full bucket holds
   * @param nanoTime {@code System.nanoTime()}, or the time of a test
   */
  TokenBucket(double perSecond, int burst, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.nanoTime = nanoTime;
    tokens = burst;
    lastNanos = nanoTime.getAsLong();
  }

  /** Takes one token. Returns whether there was one. */
  synchronized boolean take() {
    long now = nanoTime.getAsLong();
    tokens = Math.min(burst, tokens + (now - lastNanos) / 1e9 * perSecond);
    lastNanos = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
