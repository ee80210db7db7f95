package io.marketstream.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How a quantity went after the warm-up: the first third of that time against the last, each by its
 * median or its peak. A line that climbs by one percent a minute shows after twenty minutes.
 *
 * @param first median or peak of the first third
 * @param last the same of the last third
 * @param least smallest reading after the warm-up
 * @param most largest one
 * @param perHour median slope over all pairs of readings (Theil and Sen), in units an hour; 0 for
 *     fewer than two readings
 */
record Growth(double first, double last, double least, double most, double perHour) {

  /** What stands for a third. */
  enum Measure {
    /** Forgives the peak that a compaction or a reconnect makes. */
    MEDIAN,

    /**
     * For a saw, which fills up and is emptied in turn: its median depends on where a third happens
     * to begin and end, its peaks do not.
     */
    PEAK
  }

  private static final double NANOS_PER_HOUR = Duration.ofHours(1).toNanos();

  /**
   * @param readings in the order of their times
   * @param warmUp what was read earlier does not count
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
