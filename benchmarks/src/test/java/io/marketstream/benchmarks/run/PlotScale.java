package io.marketstream.benchmarks.run;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the values of an axis are spaced, and which of them have a tick. */
enum PlotScale {
  /** Equal steps. It always contains 0, so that the lengths of bars can be compared. */
  LINEAR {
    @Override
    boolean contains(double value) {
      return Math.abs(value) <= MAX_VALUE;
    }

    @Override
    double position(double value) {
      return value;
    }

    @Override
    List<Double> ticks(double min, double max) {
      double low = Math.min(0, min);
      double high = Math.max(0, max);
      if (high - low < MIN_VALUE) {
        high = low + 1;
      }
      BigDecimal step = roundNumber(ceilingIndex((high - low) / MAX_LINEAR_STEPS));
      BigDecimal first = BigDecimal.valueOf(low).divide(step, 0, RoundingMode.FLOOR);
      BigDecimal last = BigDecimal.valueOf(high).divide(step, 0, RoundingMode.CEILING);
      List<Double> ticks = new ArrayList<>();
      for (BigDecimal i = first; i.compareTo(last) <= 0; i = i.add(BigDecimal.ONE)) {
        ticks.add(i.multiply(step).doubleValue());
      }
      return ticks;
    }
  },

  /**
   * Equal factors, with ticks at 1, 2, 5, 10 and so on, or at powers of ten if the range is wide.
   */
  LOG {
    @Override
    boolean contains(double value) {
      return value >= MIN_VALUE && value <= MAX_VALUE;
    }

    @Override
    double position(double value) {
      return Math.log10(value);
    }

    @Override
    List<Double> ticks(double min, double max) {
      int first = floorIndex(min);
      int last = ceilingIndex(max);
      if (first == last) {
        first--;
        last++;
      }
      int step = 1;
      if (last - first > MAX_LOG_STEPS) {
        step = 3 * -Math.floorDiv(first - last, 3 * MAX_LOG_STEPS);
        first = Math.floorDiv(first, step) * step;
        last = -Math.floorDiv(-last, step) * step;
      }
      List<Double> ticks = new ArrayList<>();
      for (int i = first; i <= last; i += step) {
        ticks.add(roundNumber(i).doubleValue());
      }
      return ticks;
    }
  },

  /**
   * Percentiles, from 0 to 99.999. The position is the logarithm of 1 / (1 - q), as in the plots of
   * HdrHistogram: p90, p99 and p99.9 have equal distances.
   */
  PERCENTILE {
    @Override
    boolean contains(double value) {
      return value >= 0 && value <= PERCENTILES.get(PERCENTILES.size() - 1);
    }

    @Override
    double position(double value) {
      return -Math.log10(1 - value / 100);
    }

    @Override
    List<Double> ticks(double min, double max) {
      int first = 0;
      while (first < PERCENTILES.size() - 2 && PERCENTILES.get(first + 1) <= min) {
        first++;
      }
      int last = first + 1;
      while (PERCENTILES.get(last) < max) {
        last++;
      }
      return PERCENTILES.subList(first, last + 1);
    }

    @Override
    String label(double value) {
      return "p" + super.label(value);
    }
  };

  private static final double MIN_VALUE = 1e-9;
  private static final double MAX_VALUE = 1e15;
  private static final int MAX_LINEAR_STEPS = 6;
  private static final int MAX_LOG_STEPS = 10;
  private static final List<Double> PERCENTILES =
      List.of(0.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.99, 99.999);
  private static final int[] MANTISSAS = {1, 2, 5};

  /** Whether an axis can show a value; false for NaN. */
  abstract boolean contains(double value);

  /** Grows with the value. Equal differences are equal distances on the axis. */
  abstract double position(double value);

  /**
   * The ticks of an axis, which begins with the first and ends with the last of them.
   *
   * @param min the smallest value to show
   * @param max the largest value to show
   * @return at least two, in ascending order, with {@code min} and {@code max} between them
   */
  abstract List<Double> ticks(double min, double max);

  /** A value as text, the same in every locale. */
  String label(double value) {
    return new DecimalFormat("#,##0.#########", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(value);
  }

  /** The i-th of the round numbers ..., 0.5, 1, 2, 5, 10, ...; 1 is the 0th. */
  private static BigDecimal roundNumber(int i) {
    return BigDecimal.valueOf(MANTISSAS[Math.floorMod(i, MANTISSAS.length)])
        .scaleByPowerOfTen(Math.floorDiv(i, MANTISSAS.length));
  }

  /** The index of the largest round number that is not larger than this. */
  private static int floorIndex(double value) {
    int index = MANTISSAS.length * (int) Math.floor(Math.log10(value)) - 1;
    while (roundNumber(index + 1).doubleValue() <= value) {
      index++;
    }
    return index;
  }

  /** The index of the smallest round number that is not smaller than this. */
  private static int ceilingIndex(double value) {
    int index = floorIndex(value);
    return roundNumber(index).doubleValue() == value ? index : index + 1;
  }
}
