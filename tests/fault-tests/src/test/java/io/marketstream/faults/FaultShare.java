package io.marketstream.faults;

/**
 * How much of a cycle of the schedule one part's faults are.
 *
 * @param part whose faults these are; one deck of the schedule, for all seasons that strike it
 * @param perCycle how many of them strike in a cycle
 */
record FaultShare(String part, int perCycle) {
  FaultShare {
    if (perCycle < 1) {
      throw new IllegalArgumentException("Nothing to draw of " + part);
    }
  }
}
