package io.marketstream.local.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what connectors have warned of from the log of the Connect worker. */
final class ConnectorWarnings {
  /** The time, the level, the thread, the connector's context and the class come first. */
  private static final Pattern WARNING =
      Pattern.compile("(\\S+T[\\d:]+)[.,](\\d+) WARN .*?: (([\\w-]+): .*)");

  private ConnectorWarnings() {}

  /**
   * Returns the last warning that one of these connectors has logged, without the time. A connector
   * names itself at the beginning of each message.
   *
   * @param log the worker's log, whose times are UTC
   * @param since older lines do not count
   * @return empty if there is none, or if the log cannot be read
   */
  static Optional<String> last(Path log, List<String> connectors, Instant since) {
    // A line may be cut in the middle of a character.
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(log), StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .map(WARNING::matcher)
          .filter(Matcher::matches)
          .filter(line -> connectors.contains(line.group(4)) && !isOlder(line, since))
          .map(line -> line.group(3))
          .reduce((earlier, later) -> later);
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private static boolean isOlder(Matcher line, Instant since) {
    try {
      return LocalDateTime.parse(line.group(1) + "." + line.group(2))
          .toInstant(ZoneOffset.UTC)
          .isBefore(since);
    } catch (DateTimeException e) {
      return true;
    }
  }
}
