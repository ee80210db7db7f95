package io.marketstream.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port=x                     | '--port'",
        "--port=70000                 | --port 70000 is not a port",
        "--cassandra=host:0           | has no port from 1 to 65535",
        "--cassandra=a:b:c            | is not HOST:PORT",
        "--cors-origin=example.com    | is not an origin",
        "--cassandra-config=/nowhere  | --cassandra-config /nowhere cannot be read",
        "--nonsense                   | --nonsense",
      })
  void aWrongOptionIsOneLine(String option, String message) {
    assertThat(run(Map.of(), option)).isEqualTo(2);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("market-data-api: ")
        .contains(message)
        .endsWith("(--help shows the options)");
  }

  @Test
  void aUserNeedsAPassword() {
    assertThat(run(Map.of("CASSANDRA_USERNAME", "reader"))).isEqualTo(2);
    assertThat(err.toString()).contains("CASSANDRA_PASSWORD");
  }

  @Test
  void theEnvironmentSetsOptions() {
    assertThat(run(Map.of("MARKET_DATA_API_PORT", "70000"))).isEqualTo(2);
    assertThat(err.toString()).contains("--port 70000 is not a port");
  }

  @Test
  void aPortInUseIsOneLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(run(Map.of(), "--port=" + taken.getLocalPort())).isEqualTo(1);
      assertThat(err.toString().lines())
          .singleElement()
          .asString()
          .contains("" + taken.getLocalPort());
    }
  }

  @Test
  void helpShowsEveryOption() {
    assertThat(run(Map.of(), "--help")).isZero();
    assertThat(out.toString())
        .contains(
            "--cassandra=", "--port=", "--host=", "--keyspace=", "--cors-origin=", "Exit codes");
  }

  private int run(Map<String, String> environment, String... args) {
    CountDownLatch stopped = new CountDownLatch(0);
    return ApiCommand.run(
        args, environment, stopped, new PrintWriter(out, true), new PrintWriter(err, true));
  }
}
