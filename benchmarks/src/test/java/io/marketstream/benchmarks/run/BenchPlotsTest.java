package io.marketstream.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class BenchPlotsTest {
  @TempDir Path folder;

  private BenchReport report(String name, Function<List<Map<String, Object>>, SvgPlot> plot) {
    return new BenchReport(
            folder, name, Map.of("kafka", "4.3.1"), BenchReport.line("symbols", 50, "rounds", 3))
        .plottedBy(plot);
  }

  private JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(name + ".json").toFile());
  }

  private Document svg(String name) throws IOException {
    return SvgPlotTest.parsed(Files.readString(folder.resolve(name + ".svg")));
  }

  /** Latencies from 1 ms to a number of ms, with an equal number of each. */
  private static double[] latencies(int maxMs) {
    return IntStream.rangeClosed(1, maxMs).asDoubleStream().toArray();
  }

  private static final Function<List<Map<String, Object>>, SvgPlot> ROWS =
      BenchPlots.growth("rows/s until all tables are complete", "rows/s, all tables", "rows/s");

  @Test
  void latencyHasPercentilesInTheFileAndALinePerContender() throws IOException {
    BenchReport report = report("latency", BenchPlots.latency("Latency"));
    for (int round = 1; round <= 3; round++) {
      report.run(BenchPlots.latencyLine(round, "market-stream", latencies(1_000 * round)));
      report.run(BenchPlots.latencyLine(round, "naive", latencies(3_000 * round)));
    }

    JsonNode first = json("latency").get("runs").get(0);
    assertThat(first.get("p50 ms").asDouble()).isEqualTo(500);
    assertThat(first.get("p90 ms").asDouble()).isEqualTo(900);
    assertThat(first.get("p99 ms").asDouble()).isEqualTo(990);
    assertThat(first.get("p99.9 ms").asDouble()).isEqualTo(999);
    assertThat(first.get("max ms").asDouble()).isEqualTo(1_000);
    assertThat(first.get("rows that count").asLong()).isEqualTo(1_000);
    Document svg = svg("latency");
    assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(2);
    assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(2 * 3 * 7);
    assertThat(svg.getDocumentElement().getTextContent())
        .contains("p50", "p99.9", "market-stream", "naive", "symbols=50, rounds=3");
  }

  @Test
  void growthHasAPointPerNumberOfSymbols() throws IOException {
    BenchReport report =
        report(
            "symbols",
            BenchPlots.growth(
                "rows/s until all tables are complete", "rows/s, all tables", "rows/s"));
    for (int symbols : List.of(10, 5_000)) {
      report.run(
          BenchReport.line(
              "round", 1, "contender", "driver alone", "symbols", symbols, "rows/s", 40_000.0));
      report.run(
          BenchReport.line(
              "round",
              1,
              "contender",
              "market-stream",
              "rows/s",
              30_000.0,
              "rows/s, all tables",
              20_000.0,
              "symbols",
              symbols));
    }

    assertThat(svg("symbols").getElementsByTagName("polyline").getLength()).isEqualTo(2);
    SvgPlot plot =
        ROWS.apply(
            List.of(
                BenchReport.line(
                    "contender", "a", "symbols", 10, "rows/s", 9.0, "rows/s, all tables", 2.0)));
    assertThat(SvgPlotTest.texts(plot, "y-tick")).as("all tables count").endsWith("2");
  }

  @Test
  void ratesHaveABarPerContenderAndRound() throws IOException {
    BenchReport report =
        report("connector", BenchPlots.rates("From the websocket to the topic", "ticks/s"));
    for (int round = 1; round <= 3; round++) {
      report.run(new CopyRun(4_000_000, 0, 400_000, 3.5, 0, List.of()).line(round, "bare-loop"));
      report.run(
          new CopyRun(4_000_000, 0, 236_000, 7.3, 0, List.of()).line(round, "market-stream"));
    }

    Document svg = svg("connector");
    // One rectangle is the background.
    assertThat(svg.getElementsByTagName("rect").getLength()).isEqualTo(1 + 6);
    assertThat(svg.getDocumentElement().getTextContent().indexOf("market-stream"))
        .as("has the first colour")
        .isLessThan(svg.getDocumentElement().getTextContent().indexOf("bare-loop"));
    assertThat(svg.getDocumentElement().getTextContent()).contains("round 3", "236k", "ticks/s");
  }

  @Test
  void figureThatCannotBeDrawnLeavesTheJsonFileAndNoOldPlot() throws IOException {
    Files.writeString(folder.resolve("latency.svg"), "an old plot");
    BenchReport report = report("latency", BenchPlots.latency("Latency"));
    report.run(BenchReport.line("round", 1, "contender", "naive", "p50 ms", 0.0));

    assertThat(json("latency").get("runs")).hasSize(1);
    assertThat(folder.resolve("latency.svg")).doesNotExist();
  }
}
