package io.marketstream.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How much a quantity grew after the warm-up. The median or peak of the first third of that time is
 * compared with that of the last third. A growth of one percent per minute shows after twenty
 * minutes.
 *
 * @param first median or peak of the first third
 * @param last median or peak of the last third
 * @param least smallest reading after the warm-up
 * @param most largest reading after the warm-up
 * @param perHour median slope over all pairs of readings (Theil and Sen), in units per hour; 0 for
 *     fewer than two readings
 */
record Growth(double first, double last, double least, double most, double perHour) {

  /** The figure that represents a third of the time. */
  enum Measure {
    /** Ignores the peak of a compaction or a reconnect. */
    MEDIAN,

    /**
     * For a quantity that fills up and is emptied again. Its median depends on where a third begins
     * and ends. Its peaks do not.
     */
    PEAK
  }

  private static final double NANOS_PER_HOUR = Duration.ofHours(1).toNanos();

  /**
   * @param readings in the order of their times
   * @param warmUp earlier readings are ignored
   * @throws IllegalArgumentException if a third of the rest holds no reading
   */
  static Growth of(List<Reading> readings, Duration warmUp, Measure measure) {
    List<Reading> warm =
        readings.stream().filter(reading -> reading.at().compareTo(warmUp) >= 0).toList();
    if (warm.isEmpty()) {
      throw new IllegalArgumentException("No reading after the warm-up of " + warmUp);
    }
    Duration begin = warm.get(0).at();
    Duration end = warm.get(warm.size() - 1).at();
    Duration third = end.minus(begin).dividedBy(3);
    Duration firstEnds = begin.plus(third);
    Duration lastBegins = end.minus(third);
    return new Growth(
        of(measure, warm.stream().filter(r -> r.at().compareTo(firstEnds) <= 0).toList()),
        of(measure, warm.stream().filter(r -> r.at().compareTo(lastBegins) >= 0).toList()),
        warm.stream().mapToDouble(Reading::value).min().orElseThrow(),
        warm.stream().mapToDouble(Reading::value).max().orElseThrow(),
        slope(warm));
  }

  boolean isWithin(Allowance allowance) {
    return last <= allowance.above(first);
  }

  private static double of(Measure measure, List<Reading> readings) {
    List<Double> values = readings.stream().map(Reading::value).toList();
    return measure == Measure.PEAK ? Collections.max(values) : median(values);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static double slope(List<Reading> readings) {
    List<Double> slopes = new ArrayList<>();
    for (int i = 0; i < readings.size(); i++) {
      for (int j = i + 1; j < readings.size(); j++) {
        Reading earlier = readings.get(i);
        Reading later = readings.get(j);
        double hours = later.at().minus(earlier.at()).toNanos() / NANOS_PER_HOUR;
        slopes.add((later.value() - earlier.value()) / hours);
      }
    }
    return slopes.isEmpty() ? 0 : median(slopes);
  }
}
