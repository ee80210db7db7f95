package io.marketstream.auditor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.cluster.AuditedTopics;
import io.marketstream.auditor.cluster.VenueScope;
import io.marketstream.model.CandleInterval;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditCommandTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--cassandra :9042                      | --cassandra ':9042' has no host",
        "--cassandra localhost:                 | --cassandra localhost: has a port that is not",
        "--cassandra localhost:x                | --cassandra localhost:x has a port that is not",
        "--cassandra localhost:65536            | --cassandra localhost:65536 has a port that is",
        "--last 5x                              | --last '5x' is not a duration",
        "--last 5h --since 2026-11-25T00:00:00Z | Leave one out",
        "--since yesterday                      | --since yesterday is not an instant",
        "--since 2026-11-25T00:00:00Z --until 2026-11-24T00:00:00Z| is not after",
        "--candles 7m                           | '7m' is not a candle interval",
        "--kafka-config any.properties          | without --bootstrap-servers",
        "--cassandra-config there-is-none.conf  | --cassandra-config there-is-none.conf cannot",
        "--sent there-is-none.json              | --sent there-is-none.json cannot be read",
        "--report /                             | --report / is a folder",
        "--password x                           | Unknown option",
        "--venue --daily                        | --daily cannot be combined with --venue",
        "--venue --source finnhub               | --venue compares the source coinbase, which",
        "--venue-url https://x                  | --venue-url has no effect without --venue",
        "--venue-source coinbase                | --venue-source has no effect without --venue",
        "--venue-products BTC-USD               | --venue-products has no effect without --venue",
        "--venue-last 1h                        | --venue-last has no effect without --venue",
        "--venue-requests 600                   | --venue-requests has no effect without --venue",
        "--venue --venue-url ftp://x            | --venue-url ftp://x is not a URL like https",
        "--venue --venue-url http://x?y         | --venue-url http://x?y is not a URL",
        "--venue --venue-url coinbase           | --venue-url coinbase is not a URL",
        "--venue --venue-last 5x                | --venue-last '5x' is not a duration",
        "--venue --venue-requests 0             | --venue-requests 0 is below 1",
        "--venue --venue-requests x             | --venue-requests",
      })
  void aWrongOptionIsOneLineWithAdvice(String line, String expected) {
    int code = run(line, Map.of());

    assertThat(code).isEqualTo(AuditMain.NO_AUDIT);
    assertThat(text(err).lines())
        .singleElement()
        .asString()
        .startsWith("market-stream: ")
        .contains(expected)
        .contains("./market-stream");
  }

  @Test
  void halfALoginIsRefusedWithoutShowingIt() {
    assertThat(run("", Map.of(AuditCommand.PASSWORD, "secret"))).isEqualTo(AuditMain.NO_AUDIT);
    assertThat(text(err)).contains(AuditCommand.USERNAME).doesNotContain("secret");
  }

  @Test
  void aClusterThatCannotBeReachedIsOneLine() {
    int code = run("--cassandra 127.0.0.1:1", Map.of());

    assertThat(code).isEqualTo(AuditMain.NO_AUDIT);
    assertThat(text(err).lines())
        .singleElement()
        .asString()
        .contains("from Cassandra at 127.0.0.1:1", "Check --cassandra");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, 9042",
    "127.0.0.1:9142, 127.0.0.1, 9142",
    "[::1], 0:0:0:0:0:0:0:1, 9042",
    "[::1]:9142, 0:0:0:0:0:0:0:1, 9142"
  })
  void aNodeWithoutAPortHasTheStandardPort(String text, String host, int port) {
    AuditRun run = parse(Map.of(), "--cassandra", text);

    assertThat(run.target().cassandra().getAddress().getHostAddress()).isEqualTo(host);
    assertThat(run.target().cassandra().getPort()).isEqualTo(port);
  }

  @Test
  void theDefaultsAreTheLocalPipelineAndTheLastDay() {
    AuditRun run = parse(Map.of());

    assertThat(run.target().cassandra().getPort()).isEqualTo(9042);
    assertThat(run.target().keyspace()).isEqualTo("market_data");
    assertThat(run.target().datacenter()).isEqualTo("datacenter1");
    assertThat(run.target().login()).isEmpty();
    assertThat(run.target().kafka()).isEmpty();
    assertThat(run.scope().since()).contains(NOW.minus(Duration.ofHours(24)));
    assertThat(run.scope().until()).isEmpty();
    assertThat(run.scope().sources()).isEmpty();
    assertThat(run.scope().intervals()).isEmpty();
    assertThat(run.scope().lateness()).as("the lateness that the job reports").isEmpty();
  }

  @Test
  void theVenueIsComparedOnlyOnRequest() {
    assertThat(parse(Map.of()).venue()).isEmpty();
    assertThat(parse(Map.of(), "--venue").venue())
        .contains(
            new VenueScope(
                URI.create("https://api.exchange.coinbase.com"),
                "coinbase",
                Set.of(),
                Duration.ofHours(1),
                600));
    assertThat(
            parse(
                    Map.of(),
                    "--venue",
                    "--venue-url=http://127.0.0.1:8090/",
                    "--venue-source=coinbase-sim",
                    "--venue-products=BTC-USD,ETH-USD",
                    "--venue-last=10m",
                    "--venue-requests=7")
                .venue())
        .contains(
            new VenueScope(
                URI.create("http://127.0.0.1:8090"),
                "coinbase-sim",
                Set.of("BTC-USD", "ETH-USD"),
                Duration.ofMinutes(10),
                7));
  }

  @Test
  void everyOptionIsUsed() throws Exception {
    Path kafka = Files.writeString(folder.resolve("client.properties"), "security.protocol=SSL\n");

    AuditRun run =
        parse(
            Map.of(AuditCommand.USERNAME, "reader", AuditCommand.PASSWORD, "secret"),
            "--cassandra=cassandra.example:9142",
            "--datacenter=eu",
            "--keyspace=ticks",
            "--bootstrap-servers=a:1,b:2",
            "--kafka-config=" + kafka,
            "--topics=one,two",
            "--source=finnhub,coincap",
            "--since=2026-11-20T00:00:00Z",
            "--until=2026-11-21T00:00:00Z",
            "--candles=1m,1h",
            "--lateness=30s");

    assertThat(run.target().cassandra().getHostString()).isEqualTo("cassandra.example");
    assertThat(run.target().kafka())
        .contains(
            new AuditedTopics(
                Map.of("bootstrap.servers", "a:1,b:2", "security.protocol", "SSL"),
                List.of("one", "two"),
                "market_data_gaps",
                "market_data_rejected",
                "market_data_heartbeats"));
    assertThat(run.target().login().orElseThrow().password()).isEqualTo("secret");
    assertThat(run.target().toString()).contains("reader").doesNotContain("secret");
    assertThat(run.scope().sources()).isEqualTo(Set.of("finnhub", "coincap"));
    assertThat(run.scope().until()).contains(Instant.parse("2026-11-21T00:00:00Z"));
    assertThat(run.scope().intervals())
        .isEqualTo(Optional.of(List.of(CandleInterval.parse("1m"), CandleInterval.parse("1h"))));
    assertThat(run.scope().lateness()).contains(Duration.ofSeconds(30));
  }

  /** The node accepts plain connections. With TLS configured, the audit does not use one. */
  @Test
  void theDriversSettingsAreUsed() throws Exception {
    Path driver =
        Files.writeString(
            folder.resolve("driver.conf"),
            """
            datastax-java-driver.advanced.ssl-engine-factory {
              class = DefaultSslEngineFactory
              truststore-path = /there-is-none
              truststore-password = any
            }
            """);

    int code = run("--cassandra 127.0.0.1:1 --cassandra-config " + driver, Map.of());

    assertThat(code).isEqualTo(AuditMain.NO_AUDIT);
    assertThat(text(err).lines()).singleElement().asString().contains("there-is-none");
  }

  @Test
  void aFileWithoutSettingsIsOneLine() throws Exception {
    Path driver = Files.writeString(folder.resolve("driver.conf"), "datastax-java-driver { a = ");

    int code = run("--cassandra-config " + driver, Map.of());

    assertThat(code).isEqualTo(AuditMain.NO_AUDIT);
    assertThat(text(err).lines()).singleElement().asString().contains("--cassandra-config");
  }

  @Test
  void helpNamesTheExitCodes() {
    assertThat(run("--help", Map.of())).isEqualTo(AuditMain.EXPLAINED);
    assertThat(text(out)).contains("--bootstrap-servers", "everything is explained", "--last");
  }

  private static AuditRun parse(Map<String, String> environment, String... options) {
    AuditCommand command =
        new AuditCommand(
            System.out, environment, Clock.fixed(NOW, ZoneOffset.UTC), Optional.empty());
    new picocli.CommandLine(command).parseArgs(options);
    return command.options();
  }

  private int run(String line, Map<String, String> environment) {
    return new AuditMain(print(out), print(err))
        .run(line.isEmpty() ? new String[0] : line.split(" +"), folder, environment);
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
