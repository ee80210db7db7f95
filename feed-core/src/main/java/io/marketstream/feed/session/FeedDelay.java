package io.marketstream.feed.session;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The median of received_at − event_time of ticks, in ms. Of more than {@value #SAMPLES} ticks it
 * is that of as many taken at random, so that it needs the same room whatever the feed sends. Not
 * thread-safe: guarded by the session's lock.
 */
final class FeedDelay {

  static final int SAMPLES = 1_024;

  private final long[] samples = new long[SAMPLES];
  private final RandomGenerator random;
  private long count;

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
    long place = count < SAMPLES ? count : random.nextLong(count + 1);
    if (place < SAMPLES) {
      samples[(int) place] = receivedAt - eventTime;
    }
    count++;
  }

  /** The median since it was last taken; null where no tick told of a delay. */
  Long takeMedian() {
    int taken = (int) Math.min(count, SAMPLES);
    count = 0;
    if (taken == 0) {
      return null;
    }
    Arrays.sort(samples, 0, taken);
    return samples[(taken - 1) / 2];
  }
}
