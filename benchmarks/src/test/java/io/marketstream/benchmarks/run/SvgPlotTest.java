package io.marketstream.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class SvgPlotTest {
  private static SvgPlot linear() {
    return SvgPlot.lines("a title", "x", PlotScale.LINEAR, "y", PlotScale.LINEAR);
  }

  private static SvgPlot logarithmic() {
    return SvgPlot.lines("a title", "x", PlotScale.LOG, "y", PlotScale.LOG);
  }

  static Document parsed(String svg) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    } catch (Exception e) {
      throw new AssertionError("not well-formed: " + svg, e);
    }
  }

  /** The elements of a class, in the order of the file. */
  static List<Element> elements(SvgPlot plot, String style) {
    NodeList all = parsed(plot.svg()).getElementsByTagName("*");
    return IntStream.range(0, all.getLength())
        .mapToObj(i -> (Element) all.item(i))
        .filter(e -> List.of(e.getAttribute("class").split(" ")).contains(style))
        .toList();
  }

  static List<String> texts(SvgPlot plot, String style) {
    return elements(plot, style).stream().map(Element::getTextContent).toList();
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  /** The page's coordinate of a tick. */
  private static double tick(SvgPlot plot, String style, String label) {
    Element text =
        elements(plot, style).stream()
            .filter(e -> e.getTextContent().equals(label))
            .findFirst()
            .orElseThrow();
    // The label of a y tick is centred on its line: its baseline is lower.
    return style.equals("x-tick") ? number(text, "x") : number(text, "y") - 4;
  }

  /** The corners of a line: x and y of each. */
  private static double[][] line(SvgPlot plot, int series) {
    Element polyline =
        (Element) elements(plot, "series").get(series).getElementsByTagName("polyline").item(0);
    return Arrays.stream(polyline.getAttribute("points").split(" "))
        .map(p -> Arrays.stream(p.split(",")).mapToDouble(Double::parseDouble).toArray())
        .toArray(double[][]::new);
  }

  private static void assertPoint(double[] point, double x, double y) {
    assertThat(point[0]).isCloseTo(x, within(0.15));
    assertThat(point[1]).isCloseTo(y, within(0.15));
  }

  @Test
  void hasALineALegendAndMarkersPerSeries() {
    SvgPlot plot = linear().add("a", 0, 1).add("a", 1, 2).add("b", 0, 3).add("b", 1, 4);

    assertThat(elements(plot, "series")).hasSize(2);
    assertThat(texts(plot, "name")).containsExactly("a", "b");
    assertThat(elements(plot, "marker")).hasSize(2 + 4);
    assertThat(texts(plot, "title")).containsExactly("a title");
    assertThat(texts(plot, "axis-title")).containsExactly("y", "x");
  }

  @Nested
  class Coordinates {
    @Test
    void ofLinearAxes() {
      SvgPlot plot = linear().add("a", 0, 0).add("a", 5, 50).add("a", 10, 100);

      double left = tick(plot, "x-tick", "0");
      double right = tick(plot, "x-tick", "10");
      double bottom = tick(plot, "y-tick", "0");
      double top = tick(plot, "y-tick", "100");
      assertThat(left).isLessThan(right);
      assertThat(top).isLessThan(bottom);
      double[][] line = line(plot, 0);
      assertPoint(line[0], left, bottom);
      assertPoint(line[1], (left + right) / 2, (bottom + top) / 2);
      assertPoint(line[2], right, top);
      assertThat(elements(plot, "marker").get(2).getAttribute("transform"))
          .isEqualTo("translate(%s %s)".formatted(line[1][0], line[1][1]));
    }

    @Test
    void ofLogarithmicAxes() {
      SvgPlot plot = logarithmic().add("a", 10, 1).add("a", 100, 10).add("a", 1_000, 100);

      assertThat(texts(plot, "x-tick"))
          .containsExactly("10", "20", "50", "100", "200", "500", "1,000");
      assertThat(texts(plot, "y-tick")).containsExactly("1", "2", "5", "10", "20", "50", "100");
      double[][] line = line(plot, 0);
      assertPoint(line[0], tick(plot, "x-tick", "10"), tick(plot, "y-tick", "1"));
      assertPoint(line[1], tick(plot, "x-tick", "100"), tick(plot, "y-tick", "10"));
      assertThat(line[1][0] - line[0][0]).isCloseTo(line[2][0] - line[1][0], within(0.2));
    }

    @Test
    void ofPercentiles() {
      SvgPlot plot =
          SvgPlot.lines("t", "percentile", PlotScale.PERCENTILE, "ms", PlotScale.LOG)
              .add("a", 90, 1)
              .add("a", 99, 2)
              .add("a", 99.9, 4);

      assertThat(texts(plot, "x-tick")).containsExactly("p90", "p95", "p99", "p99.5", "p99.9");
      double[][] line = line(plot, 0);
      assertThat(line[1][0] - line[0][0]).isCloseTo(line[2][0] - line[1][0], within(0.2));
      assertPoint(line[2], tick(plot, "x-tick", "p99.9"), line[2][1]);
    }

    @Test
    void ofBars() {
      SvgPlot plot =
          SvgPlot.bars("t", "round", "rows/s")
              .add("a", 1, 100)
              .add("a", 2, 50)
              .add("b", 1, 25)
              .add("b", 2, 0);

      List<Element> bars = elements(plot, "bar");
      assertThat(bars).hasSize(4);
      assertThat(texts(plot, "x-tick")).containsExactly("round 1", "round 2");
      double full = number(bars.get(0), "height");
      assertThat(number(bars.get(0), "y")).isCloseTo(tick(plot, "y-tick", "100"), within(0.15));
      assertThat(number(bars.get(1), "height")).isCloseTo(full / 2, within(0.15));
      assertThat(number(bars.get(2), "height")).isCloseTo(full / 4, within(0.15));
      assertThat(number(bars.get(3), "height")).isZero();
      assertThat(texts(plot, "value")).containsExactly("100", "50.0", "25.0", "0.0");
      assertThat(List.of(0, 2, 1, 3))
          .extracting(i -> number(bars.get(i), "x"))
          .isSorted()
          .doesNotHaveDuplicates();
    }

    @Test
    void ofSeveralRoundsAreTheMedianAndADotEach() {
      SvgPlot plot = linear().add("a", 0, 0).add("a", 10, 90).add("a", 10, 10).add("a", 10, 50);

      assertThat(line(plot, 0)).hasDimensions(2, 2);
      assertThat(elements(plot, "one"))
          .extracting(dot -> number(dot, "cy"))
          .contains(line(plot, 0)[1][1])
          .hasSize(3);
    }
  }

  @Nested
  class Text {
    @Test
    void isEscaped() {
      String hostile = "</text><a & \"b\" 'c'\u0000\ud800>";
      SvgPlot plot =
          SvgPlot.lines(hostile, hostile, PlotScale.LINEAR, hostile, PlotScale.LINEAR)
              .add(hostile, 1, 1)
              .caption(hostile);

      String read = "</text><a & \"b\" 'c'\ufffd\ufffd>";
      assertThat(texts(plot, "title")).containsExactly(read);
      assertThat(texts(plot, "axis-title")).containsExactly(read, read);
      assertThat(texts(plot, "name")).containsExactly(read);
      assertThat(texts(plot, "caption")).containsExactly(read);
      assertThat(parsed(plot.svg()).getDocumentElement().getAttribute("aria-label"))
          .isEqualTo(read);
    }

    @Test
    void staysOnThePage() {
      SvgPlot plot =
          SvgPlot.lines("title ".repeat(30), "x", PlotScale.LOG, "y", PlotScale.LINEAR)
              .add("a name ".repeat(30), 10, 1e12)
              .add("another name of some length", 5_000, 1)
              .add("a third name that has as much to say", 5_000, 1)
              .add("the fourth", 5_000, 1)
              .caption("word ".repeat(100) + "x".repeat(300));

      Element svg = parsed(plot.svg()).getDocumentElement();
      for (String style : List.of("title", "name", "caption", "x-tick", "y-tick", "axis-title")) {
        for (Element text : elements(plot, style)) {
          double size = style.equals("title") ? 16 : 12;
          double width = text.getTextContent().length() * 0.6 * size;
          double left =
              switch (text.getAttribute("text-anchor")) {
                case "start" -> number(text, "x");
                case "end" -> number(text, "x") - width;
                default -> number(text, "x") - width / 2;
              };
          assertThat(left).as(text.getTextContent()).isNotNegative();
          assertThat(left + width)
              .as(text.getTextContent())
              .isLessThanOrEqualTo(number(svg, "width"));
          assertThat(number(text, "y")).isLessThan(number(svg, "height"));
        }
      }
    }

    @Test
    void isTheSameInEveryLocale() {
      SvgPlot plot = logarithmic().add("a", 1_000, 0.5).add("a", 20_000, 1.5);
      String expected = plot.svg();
      Locale before = Locale.getDefault();
      try {
        for (String tag : List.of("de-DE", "ar-EG-u-nu-arab", "hi-IN-u-nu-deva")) {
          Locale.setDefault(Locale.forLanguageTag(tag));
          assertThat(plot.svg()).as(tag).isEqualTo(expected);
        }
      } finally {
        Locale.setDefault(before);
      }
    }
  }

  @Nested
  class UnusualData {
    @Test
    void none() {
      for (SvgPlot plot : List.of(linear(), logarithmic(), SvgPlot.bars("t", "round", "y"))) {
        assertThat(texts(plot, "empty")).containsExactly("no data");
        assertThat(elements(plot, "series")).isEmpty();
      }
    }

    @Test
    void onePoint() {
      for (SvgPlot plot : List.of(linear(), logarithmic(), SvgPlot.bars("t", "round", "y"))) {
        plot.add("a", 10, 10);
        assertThat(elements(plot, "series")).hasSize(1);
        assertThat(plot.svg()).doesNotContain("NaN").doesNotContain("Infinity");
      }
    }

    @Test
    void onePercentile() {
      SvgPlot plot =
          SvgPlot.lines("t", "percentile", PlotScale.PERCENTILE, "ms", PlotScale.LOG)
              .add("a", 99.999, 10);
      assertThat(texts(plot, "x-tick")).containsExactly("p99.99", "p99.999");
    }

    @Test
    void identicalValues() {
      assertThat(texts(logarithmic().add("a", 1, 7).add("a", 2, 7), "y-tick"))
          .containsExactly("5", "10");
      assertThat(texts(logarithmic().add("a", 1, 10).add("a", 2, 10), "y-tick"))
          .containsExactly("5", "10", "20");
      assertThat(texts(linear().add("a", 1, 0).add("a", 2, 0), "y-tick"))
          .containsExactly("0", "0.2", "0.4", "0.6", "0.8", "1");
    }

    @Test
    void wideRange() {
      List<String> ticks = texts(logarithmic().add("a", 1e-9, 1).add("a", 1e15, 1), "x-tick");
      assertThat(ticks).hasSizeBetween(5, 12);
      assertThat(texts(logarithmic().add("a", 3, 1).add("a", 30_000, 1), "x-tick"))
          .containsExactly("1", "10", "100", "1,000", "10,000", "100,000");
    }

    @Test
    void negative() {
      assertThat(texts(linear().add("a", 1, -30).add("a", 2, 60), "y-tick"))
          .containsExactly("-40", "-20", "0", "20", "40", "60");
    }
  }

  @Nested
  class Refused {
    @Test
    void whatIsNotANumber() {
      for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
        for (SvgPlot plot : List.of(linear(), logarithmic(), SvgPlot.bars("t", "x", "y"))) {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> plot.add("naive", 1, value))
              .withMessage("cannot draw naive: the axis \"y\" cannot show " + value);
          assertThatIllegalArgumentException()
              .isThrownBy(() -> plot.add("naive", value, 1))
              .withMessage("cannot draw naive: the axis \"x\" cannot show " + value);
        }
      }
    }

    @Test
    void zeroOnALogarithmicAxis() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> logarithmic().add("naive", 1, 0))
          .withMessage("cannot draw naive: the axis \"y\" cannot show 0.0");
    }

    @Test
    void theMaximumAsAPercentile() {
      SvgPlot plot = SvgPlot.lines("t", "percentile", PlotScale.PERCENTILE, "y", PlotScale.LOG);
      assertThatIllegalArgumentException().isThrownBy(() -> plot.add("a", 100, 1));
    }

    @Test
    void moreSeriesThanColours() {
      SvgPlot plot = linear();
      for (int i = 0; i < SvgPlot.MAX_SERIES; i++) {
        plot.add("series " + i, 1, 1);
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> plot.add("one more", 1, 1))
          .withMessage("cannot draw one more: a plot has at most 6 series");
    }
  }
}
