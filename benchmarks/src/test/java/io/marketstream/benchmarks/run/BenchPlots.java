package io.marketstream.benchmarks.run;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The plots of the benchmarks. Each is drawn from the runs of a {@link BenchReport}. */
final class BenchPlots {
  /** The percentiles of a latency; {@link #latencyLine} writes them, and the plot reads them. */
  static final List<Double> PERCENTILES = List.of(50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9);

  private static final Pattern PERCENTILE = Pattern.compile("p([0-9.]+) ms");
  private static final String SEVERAL_ROUNDS =
      "A line joins the medians of the rounds. A small dot is the value of one round.";

  private BenchPlots() {}

  /** The figures of a run whose latency was measured. */
  static Map<String, Object> latencyLine(int round, String contender, double[] sortedMs) {
    Map<String, Object> line = BenchReport.line("round", round, "contender", contender);
    for (double percentile : PERCENTILES) {
      line.put(
          PlotScale.PERCENTILE.label(percentile) + " ms",
          BenchReport.rounded(BenchReport.quantile(sortedMs, percentile / 100)));
    }
    line.put("max ms", BenchReport.rounded(BenchReport.quantile(sortedMs, 1)));
    line.put("rows that count", (long) sortedMs.length);
    return line;
  }

  /** Latency by percentile, with a line per contender. */
  static Function<List<Map<String, Object>>, SvgPlot> latency(String title) {
    return runs -> {
      SvgPlot plot =
          SvgPlot.lines(title, "percentile", PlotScale.PERCENTILE, "ms, log scale", PlotScale.LOG);
      for (Map<String, Object> run : oursFirst(runs)) {
        run.forEach(
            (column, value) -> {
              Matcher percentile = PERCENTILE.matcher(column);
              if (percentile.matches()) {
                plot.add(contender(run), Double.parseDouble(percentile.group(1)), number(value));
              }
            });
      }
      return plot.caption(SEVERAL_ROUNDS);
    };
  }

  /**
   * A figure by the number of symbols, with a line per contender.
   *
   * @param what the figure, with its unit
   * @param columns its names in the runs. For each run, the first name that the run has counts
   */
  static Function<List<Map<String, Object>>, SvgPlot> growth(String what, String... columns) {
    return runs -> {
      SvgPlot plot =
          SvgPlot.lines(
              what + " by the number of symbols",
              "symbols, log scale",
              PlotScale.LOG,
              what,
              PlotScale.LINEAR);
      for (Map<String, Object> run : oursFirst(runs)) {
        Object figure =
            Stream.of(columns).map(run::get).filter(Objects::nonNull).findFirst().orElseThrow();
        plot.add(contender(run), number(run.get("symbols")), number(figure));
      }
      return plot.caption(SEVERAL_ROUNDS);
    };
  }

  /**
   * The rates of each round, with a bar per contender.
   *
   * @param figure the name of the rate in each run
   */
  static Function<List<Map<String, Object>>, SvgPlot> rates(String title, String figure) {
    return runs -> {
      SvgPlot plot = SvgPlot.bars(title, "round", figure);
      for (Map<String, Object> run : oursFirst(runs)) {
        plot.add(contender(run), number(run.get("round")), number(run.get(figure)));
      }
      return plot;
    };
  }

  /** So that market-stream has the same colour in all plots. */
  private static List<Map<String, Object>> oursFirst(List<Map<String, Object>> runs) {
    return runs.stream()
        .sorted(Comparator.comparing(run -> !contender(run).equals("market-stream")))
        .toList();
  }

  private static String contender(Map<String, Object> run) {
    return (String) run.get("contender");
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }
}
