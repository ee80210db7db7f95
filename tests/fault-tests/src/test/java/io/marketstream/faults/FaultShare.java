package io.marketstream.faults;

/**
 * How many faults of a cycle of the generator belong to one part of the pipeline.
 *
 * @param part whose faults these are; all topologies that name it draw from the same list
 * @param perCycle how many of its faults are injected in a cycle
 */
record FaultShare(String part, int perCycle) {
  FaultShare {
    if (perCycle < 1) {
      throw new IllegalArgumentException(
          "The share of " + part + " must be at least 1, not " + perCycle);
    }
  }
}
