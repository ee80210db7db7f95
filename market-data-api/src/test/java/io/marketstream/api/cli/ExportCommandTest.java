package io.marketstream.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--format=json                         | --format 'json' is not one of parquet, csv",
        "--data=ticks,bars                     | --data 'bars' is not one of ticks, candles, gaps",
        "--interval=7m                         | --interval: '7m' is not a candle interval",
        "--data=ticks --interval=1m            | --interval has no effect without candles",
        "--decimals=double                     | --decimals 'double' is not one of decimal, text",
        "--format=csv --decimals=text          | --decimals text has no effect on CSV",
        "--to=tomorrow                         | --to 'tomorrow' is not a time. Write 2026-11-29",
        "--to=2026-11-01                       | --from 2026-11-01 is not before --to 2026-11-01",
        "--to=2099-01-01                       | --from is more than 3660 days before --to",
        "--source=FINNHUB                      | --source 'FINNHUB' is not a source name",
        "--output=pom.xml                      | --output pom.xml is a file. Name a folder",
        "--cassandra=host:0                    | has no port from 1 to 65535",
        "--nonsense                            | --nonsense",
      })
  void aWrongOptionIsOneLine(String options, String message) {
    List<String> args = new ArrayList<>(List.of("--symbol=AAPL", "--from=2026-11-01"));
    args.addAll(List.of(options.split(" ")));

    assertThat(run(Map.of(), args)).isEqualTo(2);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("market-stream: ")
        .contains(message)
        .endsWith("(./market-stream export --help shows the options)");
  }

  @Test
  void aSymbolAndABeginAreNeeded() {
    assertThat(run(Map.of(), List.of())).isEqualTo(2);
    assertThat(err.toString()).contains("--symbol", "--from");
  }

  @Test
  void theClusterOfUpIsTheDefault() {
    List<String> args = List.of("--symbol=AAPL", "--from=2026-11-01");

    assertThat(run(Map.of("MARKET_STREAM_PORTS", "1,2,3"), args)).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("market-stream: Cassandra cannot be reached at 127.0.0.1:3: ")
        .hasLineCount(1);
  }

  @Test
  void consecutiveDaysAreOneRange() {
    LocalDate first = LocalDate.parse("2026-10-30");

    assertThat(ExportCommand.ranges(List.of(first))).isEqualTo("2026-10-30");
    assertThat(
            ExportCommand.ranges(
                List.of(first, first.plusDays(1), first.plusDays(2), first.plusDays(5))))
        .isEqualTo("2026-10-30 to 2026-11-01, 2026-11-04");
  }

  private int run(Map<String, String> environment, List<String> args) {
    Clock clock = Clock.fixed(Instant.parse("2026-11-29T12:00:00Z"), ZoneOffset.UTC);
    return ExportCommand.run(
        new ExportCommand(environment, new CountDownLatch(1), clock, false),
        args,
        new PrintWriter(out, true),
        new PrintWriter(err, true));
  }
}
