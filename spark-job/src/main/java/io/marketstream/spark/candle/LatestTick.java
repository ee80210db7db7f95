package io.marketstream.spark.candle;

import io.marketstream.spark.record.Tick;
import org.jspecify.annotations.Nullable;

/**
 * The newest tick of a symbol, with the write time of its row.
 *
 * @param tick newest by its {@link Tick#order order}
 * @param writeTime µs; greater than that of every tick that it replaced. Folding the same topic
 *     again gives the same write time, so a replay never writes an older row over a newer one
 */
public record LatestTick(Tick tick, long writeTime) {

  /** Returns the newer of the two. If the given tick is newer, it gets the next write time. */
  static LatestTick newerOf(@Nullable LatestTick current, Tick tick) {
    long eventMicros = tick.eventTime() * 1000;
    if (current == null) {
      return new LatestTick(tick, eventMicros);
    }
    return tick.order().compareTo(current.tick.order()) > 0
        ? new LatestTick(tick, Math.max(eventMicros, current.writeTime + 1))
        : current;
  }
}
