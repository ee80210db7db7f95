package io.marketstream.spark.candle;

import io.marketstream.spark.record.Tick;

/**
 * The newest tick of a symbol with the write time of its row.
 *
 * @param tick newest by (event time, session, sequence)
 * @param writeTime µs, greater than that of every tick it replaced; the same whenever the same
 *     topic is folded again, so a replayed row writes itself and never an older one over a newer
 */
public record LatestTick(Tick tick, long writeTime) {

  /** The newer of the two, the given tick taking the next write time if it wins. */
  static LatestTick newerOf(LatestTick current, Tick tick) {
    long eventMicros = tick.eventTime() * 1000;
    if (current == null) {
      return new LatestTick(tick, eventMicros);
    }
    return tick.isNewerThan(current.tick)
        ? new LatestTick(tick, Math.max(eventMicros, current.writeTime + 1))
        : current;
  }
}
