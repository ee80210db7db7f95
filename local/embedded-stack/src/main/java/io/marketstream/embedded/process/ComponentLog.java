package io.marketstream.embedded.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The part of a log file that one process wrote.
 *
 * @param file the log
 * @param start the length of the file when the process started, in bytes
 */
public record ComponentLog(Path file, long start) {
  /** Enough for the last error. A whole log may not fit into memory. */
  private static final int TAIL_BYTES = 256 * 1024;

  private static final int MAX_LINE_LENGTH = 300;
  private static final int MAX_LINES_SEARCHED = 100;
  private static final Pattern HARMLESS = Pattern.compile("\\b(WARN|INFO|DEBUG|TRACE)\\b");
  private static final Pattern ERROR =
      Pattern.compile(
          "\\b(ERROR|FATAL)\\b|Exception\\b.*:|^Error|^market-data-job: |OutOfMemoryError|^Caused by");

  static ComponentLog from(Path file) throws IOException {
    return new ComponentLog(file, Files.exists(file) ? Files.size(file) : 0);
  }

  /** Returns the newest 256 KiB of lines, or nothing if the file cannot be read. */
  public List<String> tail() {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(start, in.length() - TAIL_BYTES);
      byte[] bytes = new byte[(int) Math.max(0, in.length() - from)];
      in.seek(from);
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /**
   * Returns the last line that reports an error, cut at 300 characters. Without one, returns the
   * last line, unless its log level is lower than an error. Only the newest hundred lines count,
   * because an old error explains nothing.
   */
  public Optional<String> lastError() {
    List<String> lines =
        tail().stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
    List<String> newest =
        lines.subList(Math.max(0, lines.size() - MAX_LINES_SEARCHED), lines.size());
    return newest.stream()
        .filter(line -> ERROR.matcher(line).find())
        .reduce((earlier, later) -> later)
        .or(
            () ->
                newest.stream()
                    .reduce((earlier, later) -> later)
                    .filter(line -> !HARMLESS.matcher(line).find()))
        .map(
            line ->
                line.length() > MAX_LINE_LENGTH ? line.substring(0, MAX_LINE_LENGTH) + "…" : line);
  }
}
