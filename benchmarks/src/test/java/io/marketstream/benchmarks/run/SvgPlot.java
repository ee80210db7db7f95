package io.marketstream.benchmarks.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * A plot as the text of an SVG file: lines or bars, a legend, a title and a caption. It has a light
 * and a dark style, and the reader's system chooses. The same data give the same file on every
 * machine.
 *
 * <p>XChart and JFreeChart measure text with AWT, and stop with an error on a machine without
 * fonts, such as a container with a small Java runtime. Their files have one style only. This class
 * needs the JDK alone, and estimates the width of text.
 */
final class SvgPlot {
  static final int MAX_SERIES = 6;

  private static final int WIDTH = 720;
  private static final int PLOT_HEIGHT = 300;
  private static final int MARGIN = 20;
  private static final int FONT_SIZE = 12;
  private static final int TITLE_SIZE = 16;
  private static final int VALUE_SIZE = 10;
  private static final int LINE_HEIGHT = 18;

  /**
   * The width of an average character, in font sizes. Wide fonts such as DejaVu Sans need it all.
   */
  private static final double CHARACTER_WIDTH = 0.6;

  private static final double BARS_OF_GROUP = 0.8;

  /** Markers around a point at 0,0: a circle, square, diamond, two triangles and a cross. */
  private static final List<String> MARKERS =
      List.of(
          "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z",
          "M-4 -4h8v8h-8z",
          "M0 -5.5L5.5 0L0 5.5L-5.5 0z",
          "M0 -5L5 4h-10z",
          "M0 5L5 -4h-10z",
          "M-1.5 -5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z");

  private static final String STYLE =
      """
      text { font: 12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328 }
      .title { font-size: 16px; font-weight: 600 }
      .caption { fill: #59636e }
      .value { font-size: 10px }
      .paper { fill: #ffffff }
      .grid { stroke: #d1d9e0 }
      .axis { stroke: #59636e }
      .series polyline { fill: none; stroke: currentColor; stroke-width: 2 }
      .marker, .bar { fill: currentColor }
      .one { fill: currentColor; fill-opacity: 0.7 }
      .s0 { color: #0b5cad } .s1 { color: #c2410c } .s2 { color: #15803d }
      .s3 { color: #8b2fc9 } .s4 { color: #8a6100 } .s5 { color: #be185d }
      @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 }
        .caption { fill: #9da7b3 }
        .paper { fill: #0d1117 }
        .grid { stroke: #2b323b }
        .axis { stroke: #9da7b3 }
        .s0 { color: #58a6ff } .s1 { color: #ff9257 } .s2 { color: #4cc864 }
        .s3 { color: #c99bff } .s4 { color: #e3b341 } .s5 { color: #ff7eb6 }
      }
      """;

  private final String title;
  private final boolean bars;
  private final Axis x;
  private final Axis y;
  private final Map<String, SortedMap<Double, List<Double>>> series = new LinkedHashMap<>();
  private final List<String> captions = new ArrayList<>();

  private record Axis(String title, PlotScale scale) {}

  /** An axis whose range is known, on the page. */
  private record Ruler(PlotScale scale, List<Double> ticks, double from, double to) {
    double at(double value) {
      double low = scale.position(ticks.get(0));
      double high = scale.position(ticks.get(ticks.size() - 1));
      return from + (to - from) * (scale.position(value) - low) / (high - low);
    }
  }

  private SvgPlot(String title, boolean bars, Axis x, Axis y) {
    this.title = title;
    this.bars = bars;
    this.x = x;
    this.y = y;
  }

  /** A plot with a line per series. */
  static SvgPlot lines(
      String title, String xTitle, PlotScale xScale, String yTitle, PlotScale yScale) {
    return new SvgPlot(title, false, new Axis(xTitle, xScale), new Axis(yTitle, yScale));
  }

  /**
   * A plot with a group of bars per x, and in it a bar per series.
   *
   * @param group what a group is, such as {@code round}; its x is its number
   */
  static SvgPlot bars(String title, String group, String yTitle) {
    return new SvgPlot(
        title, true, new Axis(group, PlotScale.LINEAR), new Axis(yTitle, PlotScale.LINEAR));
  }

  /**
   * Adds a value to a series. A series may have several values at one x, such as those of several
   * rounds. Then its line passes through their median, and each value has a small dot.
   *
   * @throws IllegalArgumentException if an axis cannot show the value, or if the series is one too
   *     many
   */
  SvgPlot add(String name, double xValue, double yValue) {
    requireContained(name, x, xValue);
    requireContained(name, y, yValue);
    if (!series.containsKey(name) && series.size() == MAX_SERIES) {
      throw new IllegalArgumentException(
          "cannot draw " + name + ": a plot has at most " + MAX_SERIES + " series");
    }
    series
        .computeIfAbsent(name, unseen -> new TreeMap<>())
        .computeIfAbsent(xValue, unseen -> new ArrayList<>())
        .add(yValue);
    return this;
  }

  private static void requireContained(String name, Axis axis, double value) {
    if (!axis.scale.contains(value)) {
      throw new IllegalArgumentException(
          "cannot draw " + name + ": the axis \"" + axis.title + "\" cannot show " + value);
    }
  }

  /** Adds a paragraph below the plot. */
  SvgPlot caption(String paragraph) {
    captions.add(paragraph);
    return this;
  }

  /** The SVG file. */
  String svg() {
    StringBuilder body = new StringBuilder();
    double top = MARGIN;
    for (String line : wrapped(title, TITLE_SIZE)) {
      top += TITLE_SIZE;
      text(body, "title", MARGIN, top, "start", line);
      top += 6;
    }
    top = legend(body, top + 4) + LINE_HEIGHT + 4;
    text(body, "axis-title", MARGIN, top, "start", y.title);
    double bottom = top + 14 + PLOT_HEIGHT;
    List<Double> ticks = ticks(y, values());
    double left =
        MARGIN + 8 + ticks.stream().mapToDouble(t -> width(y.scale.label(t))).max().orElse(0);
    Ruler vertical = new Ruler(y.scale, ticks, bottom, top + 14);
    double right = WIDTH - MARGIN - 16;
    grid(body, vertical, left, right);
    if (bars) {
      drawBars(body, vertical, left, right);
    } else {
      drawLines(body, vertical, left, right);
    }
    line(body, "axis", left, bottom, right, bottom);
    if (series.isEmpty()) {
      text(body, "empty", (left + right) / 2, bottom - PLOT_HEIGHT / 2.0, "middle", "no data");
    }
    double y = bottom + LINE_HEIGHT;
    if (!bars) {
      y += LINE_HEIGHT + 2;
      text(body, "axis-title", (left + right) / 2, y, "middle", x.title);
    }
    y += 8;
    for (String caption : captions) {
      for (String line : wrapped(caption, FONT_SIZE)) {
        y += LINE_HEIGHT;
        text(body, "caption", MARGIN, y, "start", line);
      }
    }
    return page((int) y + MARGIN, body);
  }

  private String page(int height, StringBuilder body) {
    return String.format(
        Locale.ROOT,
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" \
        role="img" aria-label="%3$s">
        <title>%3$s</title>
        <style>
        %4$s</style>
        <rect class="paper" width="%1$d" height="%2$d"/>
        %5$s</svg>
        """,
        WIDTH,
        height,
        escaped(title),
        STYLE,
        body);
  }

  /** Returns the y of the last line. */
  private double legend(StringBuilder out, double top) {
    double at = MARGIN;
    double y = top + FONT_SIZE;
    int number = 0;
    for (String name : series.keySet()) {
      String label = shortened(name);
      double width = LINE_HEIGHT + width(label) + 16;
      if (at > MARGIN && at + width > WIDTH - MARGIN + 16) {
        at = MARGIN;
        y += LINE_HEIGHT;
      }
      out.append("<g class=\"legend s").append(number).append("\">");
      marker(out, number++, at + 6, y - 4);
      text(out, "name", at + LINE_HEIGHT, y, "start", label);
      out.append("</g>\n");
      at += width;
    }
    return y;
  }

  private void grid(StringBuilder out, Ruler vertical, double left, double right) {
    for (double tick : vertical.ticks) {
      line(out, "grid", left, vertical.at(tick), right, vertical.at(tick));
      text(out, "y-tick", left - 6, vertical.at(tick) + 4, "end", y.scale.label(tick));
    }
  }

  private void drawLines(StringBuilder out, Ruler vertical, double left, double right) {
    List<Double> xs = series.values().stream().flatMap(s -> s.keySet().stream()).toList();
    Ruler horizontal = new Ruler(x.scale, ticks(x, xs), left, right);
    for (double tick : horizontal.ticks) {
      line(out, "grid", horizontal.at(tick), vertical.to, horizontal.at(tick), vertical.from);
      text(
          out,
          "x-tick",
          horizontal.at(tick),
          vertical.from + LINE_HEIGHT,
          "middle",
          x.scale.label(tick));
    }
    ToDoubleFunction<List<Double>> median = values -> vertical.at(BenchReport.median(values));
    int number = 0;
    for (Map.Entry<String, SortedMap<Double, List<Double>>> one : series.entrySet()) {
      out.append("<g class=\"series s").append(number).append("\">\n<polyline points=\"");
      one.getValue()
          .forEach(
              (at, values) ->
                  out.append(number(horizontal.at(at)))
                      .append(',')
                      .append(number(median.applyAsDouble(values)))
                      .append(' '));
      out.setLength(out.length() - 1);
      out.append("\"/>\n");
      for (Map.Entry<Double, List<Double>> point : one.getValue().entrySet()) {
        double px = horizontal.at(point.getKey());
        for (double value : point.getValue().size() > 1 ? point.getValue() : List.<Double>of()) {
          out.append("<circle class=\"one\" cx=\"")
              .append(number(px))
              .append("\" cy=\"")
              .append(number(vertical.at(value)))
              .append("\" r=\"2.5\"/>\n");
        }
        marker(out, number, px, median.applyAsDouble(point.getValue()));
        out.append('\n');
      }
      out.append("</g>\n");
      number++;
    }
  }

  private void drawBars(StringBuilder out, Ruler vertical, double left, double right) {
    List<Double> groups =
        series.values().stream().flatMap(s -> s.keySet().stream()).distinct().sorted().toList();
    double group = (right - left) / Math.max(1, groups.size());
    double bar = BARS_OF_GROUP * group / Math.max(1, series.size());
    for (int i = 0; i < groups.size(); i++) {
      String label = x.title + " " + x.scale.label(groups.get(i));
      if (width(label) > group) {
        label = x.scale.label(groups.get(i));
      }
      text(out, "x-tick", left + (i + 0.5) * group, vertical.from + LINE_HEIGHT, "middle", label);
    }
    int number = 0;
    for (SortedMap<Double, List<Double>> values : series.values()) {
      out.append("<g class=\"series s").append(number).append("\">\n");
      for (Map.Entry<Double, List<Double>> entry : values.entrySet()) {
        double value = BenchReport.median(entry.getValue());
        double from =
            left
                + groups.indexOf(entry.getKey()) * group
                + (1 - BARS_OF_GROUP) / 2 * group
                + number * bar;
        double zero = vertical.at(0);
        double end = vertical.at(value);
        out.append(
            "<rect class=\"bar\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>\n"
                .formatted(
                    number(from),
                    number(Math.min(zero, end)),
                    number(bar * 0.92),
                    number(Math.abs(zero - end))));
        String label = compact(value);
        if (label.length() * CHARACTER_WIDTH * VALUE_SIZE <= bar) {
          text(out, "value", from + bar * 0.46, Math.min(zero, end) - 4, "middle", label);
        }
      }
      out.append("</g>\n");
      number++;
    }
  }

  private List<Double> values() {
    return series.values().stream()
        .flatMap(s -> s.values().stream())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Double> ticks(Axis axis, List<Double> values) {
    double min = values.stream().mapToDouble(v -> v).min().orElse(1);
    double max = values.stream().mapToDouble(v -> v).max().orElse(10);
    return axis.scale.ticks(min, max);
  }

  /** With three digits: {@code 7.51k}. */
  private static String compact(double value) {
    double size = Math.abs(value);
    if (size >= 999_500) {
      return BenchReport.rounded(value / 1e6) + "M";
    }
    return size >= 1_000 ? BenchReport.rounded(value / 1e3) + "k" : "" + BenchReport.rounded(value);
  }

  private static void line(
      StringBuilder out, String style, double x1, double y1, double x2, double y2) {
    out.append(
        "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n"
            .formatted(style, number(x1), number(y1), number(x2), number(y2)));
  }

  private static void marker(StringBuilder out, int series, double x, double y) {
    out.append(
        "<path class=\"marker\" transform=\"translate(%s %s)\" d=\"%s\"/>"
            .formatted(number(x), number(y), MARKERS.get(series)));
  }

  private static void text(
      StringBuilder out, String style, double x, double y, String anchor, String text) {
    out.append(
        "<text class=\"%s\" x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
            .formatted(style, number(x), number(y), anchor, escaped(text)));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static double width(String text) {
    return text.length() * CHARACTER_WIDTH * FONT_SIZE;
  }

  private static int charactersOfLine(int fontSize) {
    return (int) ((WIDTH - 2 * MARGIN) / (CHARACTER_WIDTH * fontSize));
  }

  private static String shortened(String name) {
    int most = charactersOfLine(FONT_SIZE) - 4;
    return name.length() <= most ? name : name.substring(0, most - 1) + "…";
  }

  /** Lines that fit; a word that is longer than a line is cut into pieces. */
  private static List<String> wrapped(String text, int fontSize) {
    int most = charactersOfLine(fontSize);
    List<String> lines = new ArrayList<>();
    String rest = text.strip();
    while (rest.length() > most) {
      int space = rest.lastIndexOf(' ', most);
      int end = space > 0 ? space : most;
      lines.add(rest.substring(0, end));
      rest = rest.substring(end).strip();
    }
    lines.add(rest);
    return lines;
  }

  /** For text and attributes. Characters that XML does not have are replaced. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              boolean isXml = c >= 0x20 && c != 0xFFFE && c != 0xFFFF && (c < 0xD800 || c > 0xDFFF);
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\t', '\n', '\r' -> escaped.append(' ');
                default -> escaped.appendCodePoint(isXml ? c : 0xFFFD);
              }
            });
    return escaped.toString();
  }
}
