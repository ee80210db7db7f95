package io.marketstream.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --connect=localhost:8083 | --connect 'localhost:8083' is not a URL such as
          --connect=http://a:8083?x=1 | --connect 'http://a:8083?x=1' is not a URL such as
          --connect=http://a:8083#x | --connect 'http://a:8083#x' is not a URL such as
          --timeout=1ms | --timeout 1ms is not from 5s to 5m
          --max-delay=soon | --max-delay: 'soon' is not a duration
          --kafka-config=a --cassandra=b | --kafka-config has no effect without --bootstrap-servers
          --data-dir=x --cassandra=b | --data-dir cannot be combined
          --data-dir=/nowhere | no ./market-stream up runs on /nowhere
          --cassandra=a:b | --cassandra 'a:b' is not HOST:PORT
          --what | Unknown option: '--what'
          """)
  void aWrongOptionIsOneLineThatSaysWhatWouldBeRight(String options, String message) {
    assertThat(run(Map.of(), options.split(" "))).isEqualTo(2);

    assertThat(err.toString())
        .startsWith("market-stream: " + message)
        .endsWith(" (./market-stream status --help shows the options)\n")
        .hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void onlyTheNamedPartsAreRead() throws IOException {
    try (ServerSocket silent = new ServerSocket(0)) {
      String url = "http://127.0.0.1:" + silent.getLocalPort();

      assertThat(run(Map.of(), "--connect=" + url, "--timeout=5s")).isEqualTo(2);

      assertThat(out.toString())
          // Either the request or the whole reading ends first.
          .containsPattern("connectors ! cannot be read: (http://.* does not answer: |no answer)")
          .contains("feeds        not read; to read it, add --bootstrap-servers")
          .contains("today        not read; to read it, add --cassandra")
          .contains("1 thing is wrong");
      assertThat(err.toString())
          .isEqualTo("market-stream: nothing can be read. Check the options\n");
    }
  }

  @Test
  void aLoginNeedsBothParts() {
    assertThat(run(Map.of("CONNECT_USERNAME", "me"), "--connect=http://127.0.0.1:1")).isEqualTo(2);

    assertThat(err.toString()).contains("set CONNECT_USERNAME and CONNECT_PASSWORD, or neither");
  }

  @Test
  void theRunningUpIsFoundInItsDataFolderThenInTheEnvironment() throws Exception {
    Optional<String> none = Optional.empty();
    Optional<String> ports = Optional.of("1, 2, 3");
    assertThat(LocalPipeline.of(folder, false, none))
        .isEqualTo(new LocalPipeline(9092, 8083, 9042));
    assertThat(LocalPipeline.of(folder, false, ports)).isEqualTo(new LocalPipeline(1, 2, 3));

    Files.writeString(folder.resolve("running"), "pid=7\nkafka=4\nconnect=5\ncassandra=6\n");

    assertThat(LocalPipeline.of(folder, true, ports)).isEqualTo(new LocalPipeline(4, 5, 6));
    assertThat(run(Map.of("MARKET_STREAM_PORTS", "1,2"), "--timeout=5s")).isEqualTo(2);
    assertThat(err.toString()).contains("MARKET_STREAM_PORTS does not name three ports");
  }

  private int run(Map<String, String> environment, String... options) {
    return StatusCommand.run(
        new StatusCommand(environment, folder.resolve("no"), Clock.systemUTC(), false),
        List.of(options),
        new PrintWriter(out, true),
        new PrintWriter(err, true));
  }
}
