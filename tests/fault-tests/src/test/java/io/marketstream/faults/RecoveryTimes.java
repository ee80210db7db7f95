package io.marketstream.faults;

import java.util.List;

/**
 * How long the pipeline needed to recover from one fault, measured from the injection.
 *
 * @param times how often the fault was injected
 */
record RecoveryTimes(int times, long medianMs, long maxMs) {

  /**
   * @param millis at least one
   */
  static RecoveryTimes of(List<Long> millis) {
    List<Long> sorted = millis.stream().sorted().toList();
    int times = sorted.size();
    long median = (sorted.get((times - 1) / 2) + sorted.get(times / 2)) / 2;
    return new RecoveryTimes(times, median, sorted.get(times - 1));
  }
}
