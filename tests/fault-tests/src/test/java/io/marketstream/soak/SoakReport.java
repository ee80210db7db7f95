package io.marketstream.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The readings of all gauges, and the table that compares them. */
final class SoakReport {

  private final Map<Gauge, List<Reading>> readings = new LinkedHashMap<>();
  private final Duration warmUp;

  SoakReport(List<Gauge> gauges, Duration warmUp) {
    gauges.forEach(gauge -> readings.put(gauge, new ArrayList<>()));
    this.warmUp = warmUp;
  }

  /**
   * Reads the gauges, one after the other.
   *
   * @param withCostly whether the costly gauges are read as well
   */
  void read(Duration at, boolean withCostly) throws Exception {
    for (Map.Entry<Gauge, List<Reading>> each : readings.entrySet()) {
      Gauge gauge = each.getKey();
      if (withCostly || !gauge.costly()) {
        each.getValue().add(new Reading(at, gauge.reader().read()));
      }
    }
  }

  /** Returns one line for each quantity that grew by more than its allowance. */
  List<String> grown() {
    List<String> grown = new ArrayList<>();
    readings.forEach(
        (gauge, read) -> {
          Growth growth = Growth.of(read, warmUp, gauge.measure());
          if (gauge.allowance().filter(allowance -> !growth.isWithin(allowance)).isPresent()) {
            grown.add(row(gauge, growth));
          }
        });
    return grown;
  }

  /** Returns a table in Markdown, with one row per quantity. */
  String table() {
    StringBuilder table =
        new StringBuilder(
            """
            | | first third | last third | allowed | least to most | per hour |
            |---|---|---|---|---|---|
            """);
    readings.forEach(
        (gauge, read) ->
            table.append(row(gauge, Growth.of(read, warmUp, gauge.measure()))).append('\n'));
    return table.toString();
  }

  private static String row(Gauge gauge, Growth growth) {
    Gauge.Unit unit = gauge.unit();
    String name = unit.sign().isEmpty() ? gauge.name() : gauge.name() + ", " + unit.sign();
    String limit =
        gauge
            .allowance()
            .map(allowance -> number(unit, allowance.above(growth.first())))
            .orElse("not judged");
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s to %s | %s |",
        name,
        number(unit, growth.first()),
        number(unit, growth.last()),
        limit,
        number(unit, growth.least()),
        number(unit, growth.most()),
        (growth.perHour() < 0 ? "" : "+") + number(unit, growth.perHour()));
  }

  private static String number(Gauge.Unit unit, double value) {
    return String.format(
        Locale.ROOT, unit == Gauge.Unit.MIB ? "%,.1f" : "%,.0f", value / unit.size());
  }

  /** Writes every reading as a line: minutes, name, value. */
  void writeReadings(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("minutes,gauge,value");
    readings.forEach(
        (gauge, read) ->
            read.forEach(
                reading ->
                    lines.add(
                        String.format(
                            Locale.ROOT,
                            "%.2f,%s,%.0f",
                            reading.at().toMillis() / 60_000.0,
                            gauge.name(),
                            reading.value()))));
    Files.write(file, lines);
  }
}
