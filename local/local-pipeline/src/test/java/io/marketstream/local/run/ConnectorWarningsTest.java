package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectorWarningsTest {
  private static final Instant START = Instant.parse("2026-11-29T20:10:00Z");

  @TempDir private Path folder;

  @Test
  void theNewestWarningOfTheConnectorsIsReturnedWithoutTheTime() throws Exception {
    assertThat(
            last(
                line("20:10:01,002", "WARN ", "coinbase-source: CONNECTION_LOST, EOFException"),
                line("20:10:02,003", "WARN ", "coinbase-source: STALLED, no frame: for 30 s"),
                line("20:10:03,004", "INFO ", "coinbase-source: connected, session 5"),
                line("20:10:04,005", "WARN ", "finnhub-source: not one of these"),
                line("20:10:05,006", "WARN ", "Retrying: the worker"),
                "\tat java.base/java.lang.Thread.run"))
        .contains("coinbase-source: STALLED, no frame: for 30 s");
  }

  /** A restart appends to the log. */
  @Test
  void warningsOfAnEarlierRunDoNotCount() throws Exception {
    assertThat(last(line("20:09:59,999", "WARN ", "coinbase-source: STALLED, long ago"))).isEmpty();
  }

  @Test
  void aLogThatCannotBeReadHasNone() throws Exception {
    assertThat(ConnectorWarnings.last(folder.resolve("none"), List.of("coinbase-source"), START))
        .isEmpty();

    Path log = folder.resolve("binary.log");
    Files.write(log, "caf\u00e9 WARN : x\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(ConnectorWarnings.last(log, List.of("coinbase-source"), START)).isEmpty();
  }

  private Optional<String> last(String... lines) throws IOException {
    Path log = Files.write(folder.resolve("connect.log"), List.of(lines));
    return ConnectorWarnings.last(log, List.of("coinbase-source", "coincap-source"), START);
  }

  private static String line(String time, String level, String message) {
    return "2026-11-29T"
        + time
        + " "
        + level
        + " [feed-socket-coinbase-source] [coinbase-source|task-0] i.m.f.s.FeedSession: "
        + message;
  }
}
