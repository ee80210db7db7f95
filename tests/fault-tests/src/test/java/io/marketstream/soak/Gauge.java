package io.marketstream.soak;

import java.util.Optional;

/**
 * A quantity of the pipeline that is read again and again.
 *
 * @param name the part and the quantity, as in the report
 * @param unit of the readings
 * @param allowance how much it may grow; empty if it is only reported
 * @param measure the figure of a third of the time that is compared
 * @param costly whether a reading slows the pipeline down; such a gauge is read half as often
 * @param reader takes one reading
 */
record Gauge(
    String name,
    Unit unit,
    Optional<Allowance> allowance,
    Growth.Measure measure,
    boolean costly,
    Reader reader) {

  interface Reader {
    double read() throws Exception;
  }

  enum Unit {
    MIB("MiB", 1024 * 1024),
    KIB("KiB", 1024),
    MILLIS("ms", 1),
    COUNT("", 1);

    private final String sign;
    private final double size;

    Unit(String sign, double size) {
      this.sign = sign;
      this.size = size;
    }

    /** Returns how many units of a reading make one of this unit. */
    double size() {
      return size;
    }

    String sign() {
      return sign;
    }
  }

  static Gauge flat(String name, Unit unit, Allowance allowance, Reader reader) {
    return new Gauge(name, unit, Optional.of(allowance), Growth.Measure.MEDIAN, false, reader);
  }

  /** A quantity that fills up and is emptied again and again. Its peaks must not grow. */
  static Gauge saw(String name, Unit unit, Allowance allowance, Reader reader) {
    return new Gauge(
        name + ", peaks", unit, Optional.of(allowance), Growth.Measure.PEAK, false, reader);
  }

  static Gauge reported(String name, Unit unit, Reader reader) {
    return new Gauge(name, unit, Optional.empty(), Growth.Measure.MEDIAN, false, reader);
  }

  Gauge asCostly() {
    return new Gauge(name, unit, allowance, measure, true, reader);
  }
}
