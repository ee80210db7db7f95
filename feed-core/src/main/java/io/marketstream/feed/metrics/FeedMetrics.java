package io.marketstream.feed.metrics;

import io.marketstream.feed.record.GapCause;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a task counts about its feed. Written by the socket thread and the scheduler, read by any
 * thread.
 */
public final class FeedMetrics {

  private final LongAdder frames = new LongAdder();
  private final LongAdder ticks = new LongAdder();
  private final LongAdder rejects = new LongAdder();
  private final LongAdder ignored = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private final Map<GapCause, LongAdder> losses = new EnumMap<>(GapCause.class);

  public FeedMetrics() {
    for (GapCause cause : GapCause.values()) {
      losses.put(cause, new LongAdder());
    }
  }

  /** A text or binary frame was read. */
  public void frame() {
    frames.increment();
  }

  public void ticks(int count) {
    ticks.add(count);
  }

  public void rejects(int count) {
    rejects.add(count);
  }

  /** A frame of a kind that is known and of no interest. */
  public void ignored() {
    ignored.increment();
  }

  /** The feed refused a subscription. */
  public void refused() {
    refusals.increment();
  }

  /** A connection was lost or could not be opened. */
  public void lost(GapCause cause) {
    losses.get(cause).increment();
  }

  public long frameCount() {
    return frames.sum();
  }

  public long tickCount() {
    return ticks.sum();
  }

  public long rejectCount() {
    return rejects.sum();
  }

  public long ignoredCount() {
    return ignored.sum();
  }

  public long refusedCount() {
    return refusals.sum();
  }

  public long lostCount(GapCause cause) {
    return losses.get(cause).sum();
  }
}
