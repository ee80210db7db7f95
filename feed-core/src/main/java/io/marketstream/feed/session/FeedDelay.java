package io.marketstream.feed.session;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The distribution of {@code received_at − event_time} of ticks, in ms. If there are more than
 * {@value #SAMPLES} ticks, the percentiles come from a random sample of that size. So the memory
 * does not depend on the feed. Not thread-safe: guarded by the session's lock.
 */
final class FeedDelay {

  static final int SAMPLES = 1_024;

  /**
   * A distribution, in ms. Values are negative if the feed's clock is ahead of ours.
   *
   * @param p50 the median
   * @param max the maximum of all ticks, not only of the sample
   */
  record Distribution(long p50, long p99, long max) {}

  private final long[] samples = new long[SAMPLES];
  private final RandomGenerator random;
  private long count;
  private long max;

  FeedDelay(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Adds a tick.
   *
   * @param eventTime epoch ms by the feed's clock. It equals {@code receivedAt} if the feed sends
   *     no time. Such a tick is ignored
   * @param receivedAt epoch ms
   */
  void tick(long eventTime, long receivedAt) {
    if (eventTime == receivedAt) {
      return;
    }
    long delay = receivedAt - eventTime;
    max = count == 0 ? delay : Math.max(max, delay);
    long place = count < SAMPLES ? count : random.nextLong(count + 1);
    if (place < SAMPLES) {
      samples[(int) place] = delay;
    }
    count++;
  }

  /** The distribution since the previous call; null if no tick had a delay. */
  @Nullable Distribution take() {
    int taken = (int) Math.min(count, SAMPLES);
    count = 0;
    if (taken == 0) {
      return null;
    }
    Arrays.sort(samples, 0, taken);
    return new Distribution(percentile(50, taken), percentile(99, taken), max);
  }

  /** The percentile by the nearest-rank method, which is the delay of a tick. */
  private long percentile(int percent, int taken) {
    return samples[(percent * taken + 99) / 100 - 1];
  }
}
