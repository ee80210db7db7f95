package io.marketstream.pipeline.faults;

import java.util.List;

/**
 * Faults that take turns: all of them strike before one strikes again.
 *
 * @param part whose faults these are; one deck of the schedule
 * @param perCycle how many of them strike in a cycle of the schedule
 */
record FaultGroup(String part, int perCycle, List<Fault> faults) {
  FaultGroup {
    faults = List.copyOf(faults);
    if (perCycle < 1 || faults.isEmpty()) {
      throw new IllegalArgumentException("Nothing to draw of " + part);
    }
  }
}
