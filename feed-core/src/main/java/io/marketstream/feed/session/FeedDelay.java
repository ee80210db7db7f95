package io.marketstream.feed.session;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The distribution of received_at − event_time of ticks, in ms. Of more than {@value #SAMPLES}
 * ticks the percentiles are those of as many taken at random, so that it needs the same room
 * whatever the feed sends. Not thread-safe: guarded by the session's lock.
 */
final class FeedDelay {

  static final int SAMPLES = 1_024;

  /**
   * All in ms; negative where the feed's clock is ahead of ours.
   *
   * @param p50 the median
   * @param max of all ticks, not only of those sampled
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
   * @param eventTime epoch ms by the feed; equal to {@code receivedAt} where the feed sends none,
   *     and then it tells of no delay
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

  /** The distribution since it was last taken; null where no tick told of a delay. */
  Distribution take() {
    int taken = (int) Math.min(count, SAMPLES);
    count = 0;
    if (taken == 0) {
      return null;
    }
    Arrays.sort(samples, 0, taken);
    return new Distribution(percentile(50, taken), percentile(99, taken), max);
  }

  /** By the nearest rank: a delay that a tick had. */
  private long percentile(int percent, int taken) {
    return samples[(percent * taken + 99) / 100 - 1];
  }
}
