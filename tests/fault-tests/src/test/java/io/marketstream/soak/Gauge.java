package io.marketstream.soak;

import java.util.Optional;

/**
 * Something of the pipeline that can be measured again and again.
 *
 * @param name the part and the quantity, as the report calls them
 * @param unit what the readings count
 * @param allowance what it may grow by; empty for one that is only reported
 * @param measure by what it is judged
 * @param costly whether reading it slows the pipeline down, so that it is read half as often
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

    /** What one of it holds, in bytes where it counts bytes. */
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

  /** One that fills up and is emptied in turn: its peaks are to stay. */
  static Gauge saw(String name, Unit unit, Allowance allowance, Reader reader) {
    return new Gauge(
        name + ", peaks", unit, Optional.of(allowance), Growth.Measure.PEAK, false, reader);
  }

  static Gauge reported(String name, Unit unit, Reader reader) {
    return new Gauge(name, unit, Optional.empty(), Growth.Measure.MEDIAN, false, reader);
  }

  Gauge costing() {
    return new Gauge(name, unit, allowance, measure, true, reader);
  }
}
