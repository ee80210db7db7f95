package io.marketstream.auditor.evidence;

/**
 * One row of the table of ticks.
 *
 * @param hour epoch ms, the hour of the partition that contains the row
 * @param writtenAt epoch ms, Cassandra's write time of the row
 */
public record TickRow(Tick tick, long hour, long writtenAt) {
  private static final long HOUR_MS = 3_600_000;

  public TickId id() {
    return tick.id();
  }

  /** Whether the row is not in the partition of its event time, so that queries by key miss it. */
  public boolean isMisplaced() {
    return hour != Math.floorDiv(tick.eventTime(), HOUR_MS) * HOUR_MS;
  }

  @Override
  public String toString() {
    return tick.toString();
  }
}
