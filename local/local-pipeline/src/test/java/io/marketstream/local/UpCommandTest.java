package io.marketstream.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpCommandTest {
  private static final Map<String, String> KEYS =
      Map.of("FINNHUB_TOKEN", "secret-a", "COINCAP_API_KEY", "secret-b");

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "up --hlep          | Unknown option: '--hlep'",
        "up --duration 5x   | --duration '5x' is not a duration",
        "up --duration 0s   | '0s' is not a duration",
        "up --start-timeout 5 | '5' is not a duration",
        "up --rate 0        | --rate must be 1 or more, not 0",
        "up --rate many     | Invalid value for option '--rate'",
        "up --report /      | --report / is a folder",
        "down               | Unmatched argument",
      })
  void aWrongOptionIsOneLineWithAdvice(String line, String expected) {
    int code = run(line, Map.of());

    assertThat(code).isEqualTo(MarketStream.EXIT_USAGE);
    assertThat(text(err).lines())
        .singleElement()
        .asString()
        .startsWith("market-stream: ")
        .contains(expected);
  }

  @Test
  void aRateIsRefusedWhenNoFeedIsSimulated() {
    assertThat(run("up --live --rate 5", KEYS)).isEqualTo(MarketStream.EXIT_USAGE);
    assertThat(text(err)).contains("no feed is simulated").doesNotContain("secret");
  }

  @Test
  void aReleaseHasNoRealTimeMode() throws Exception {
    Files.writeString(folder.resolve("VERSION"), "1.0\n");

    assertThat(run("up --real-time", Map.of())).isEqualTo(MarketStream.EXIT_USAGE);
    assertThat(text(err).lines())
        .singleElement()
        .asString()
        .contains("--real-time needs Spark 4.2, which a release does not have");
  }

  @Test
  void helpIsNoError() {
    assertThat(run("up --help", Map.of())).isEqualTo(MarketStream.EXIT_OK);
    assertThat(text(out))
        .contains("--duration", "--report", "--rate", "--data-dir", "--clean", "--start-timeout");
    assertThat(text(err)).isEmpty();
  }

  @Test
  void aDataDirectoryThatCannotBeMadeIsOneLine() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");

    int code = run("up --data-dir " + file.resolve("below"), Map.of());

    assertThat(code).isEqualTo(MarketStream.EXIT_FAILED);
    assertThat(text(err).lines())
        .singleElement()
        .asString()
        .contains("Cannot write the data directory " + file.resolve("below"), "--data-dir");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,b", "a:b", "{a}", "what?", "a!", "$a", "a\u0007b", "b\uFFFDrse"})
  void aFolderThatAComponentCannotUseIsOneLineAndNothingIsWritten(String name) {
    Path data = folder.resolve(name);
    String[] line = {"up", "--data-dir", data.toString()};

    int code = MarketStream.commandLine(print(out), print(err), folder, Map.of()).execute(line);

    assertThat(code).isEqualTo(MarketStream.EXIT_FAILED);
    assertThat(text(err).lines())
        .singleElement()
        .asString()
        .startsWith("market-stream: The data directory")
        .contains("choose another with --data-dir");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFolderMayBeginWithAnAtSign() throws Exception {
    Path precious = Files.createDirectories(folder.resolve("@home"));
    Files.writeString(precious.resolve("thesis.txt"), "");

    assertThat(run("up --data-dir " + precious, Map.of())).isEqualTo(MarketStream.EXIT_FAILED);
    assertThat(text(err)).contains("@home holds other files");
  }

  @Test
  void aFolderOfOtherFilesIsNeverEmptied() throws Exception {
    Path precious = Files.writeString(folder.resolve("thesis.txt"), "years of work");

    int code = run("up --clean --data-dir " + folder, Map.of());

    assertThat(code).isEqualTo(MarketStream.EXIT_FAILED);
    assertThat(text(err)).contains("holds other files", "--data-dir");
    assertThat(precious).hasContent("years of work");
    assertThat(folder).isDirectoryNotContaining(file -> !file.equals(precious));
  }

  private int run(String line, Map<String, String> environment) {
    return MarketStream.commandLine(print(out), print(err), folder, environment)
        .execute(line.split(" +"));
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
