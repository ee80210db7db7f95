package io.marketstream.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.local.measure.LatencyRecorder;
import io.marketstream.local.measure.LatestPrice;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PriceTableTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:30:00Z");

  @Test
  void everyScreenSaysWhichFeedIsSimulated() {
    assertThat(PriceTable.lines(snapshot(0), 80, 24).get(0))
        .contains("Finnhub SIMULATED · CoinCap live");
  }

  @Test
  void theCurrentProblemIsOnTheScreen() {
    assertThat(PriceTable.lines(snapshot(1), 80, 24)).contains("no new row in Cassandra for 12 s");
  }

  @Test
  void theTableKeepsWithinTheTerminal() {
    for (int width = 20; width <= 200; width += 15) {
      for (int height = 6; height <= 60; height += 9) {
        List<String> lines = PriceTable.lines(snapshot(44), width, height);
        int limit = width;
        assertThat(lines).hasSizeLessThanOrEqualTo(height).allMatch(line -> line.length() <= limit);
      }
    }
  }

  @Test
  void rowsWithoutSpaceAreCounted() {
    List<String> lines = PriceTable.lines(snapshot(44), 50, 15);

    assertThat(lines).hasSize(14);
    assertThat(lines.get(13)).startsWith("34 more symbols.");
  }

  @Test
  void aPriceIsShownToItsLastDecimalWithItsAge() {
    assertThat(PriceTable.lines(snapshot(1), 80, 24).get(3))
        .matches("SYMBOL-00 +0\\.00001230 +3 s");
  }

  @Test
  void plainLinesComeEveryFiveSeconds() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Console console = Console.plain(new PrintStream(bytes, true, StandardCharsets.UTF_8))) {
      for (int second = 0; second < 11; second++) {
        console.show(snapshot(2, NOW.plusSeconds(second)));
      }
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .hasSize(3)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("1,234 ticks   61/s   p50 110 ms, p99 300 ms   1 gaps   2 rejected")
                    .contains("[Finnhub SIMULATED · CoinCap live]")
                    .contains("SYMBOL-00 0.00001230"));
  }

  private static Snapshot snapshot(int symbols) {
    return snapshot(symbols, NOW);
  }

  private static Snapshot snapshot(int symbols, Instant now) {
    return new Snapshot(
        now,
        "Finnhub SIMULATED · CoinCap live",
        URI.create("http://127.0.0.1:8080"),
        Duration.ofSeconds(65),
        Optional.of(Duration.ofMinutes(2)),
        1234,
        61.2,
        Optional.of(new LatencyRecorder.Quantiles(110, 300, 500)),
        1,
        2,
        Optional.of("no new row in Cassandra for 12 s"),
        IntStream.range(0, symbols)
            .mapToObj(
                i ->
                    new LatestPrice(
                        "finnhub-sim",
                        String.format("SYMBOL-%02d", i),
                        new BigDecimal("0.00001230"),
                        "trade",
                        NOW.minusSeconds(3)))
            .toList());
  }
}
