package io.marketstream.embedded.process;

import io.marketstream.embedded.child.RotatingLog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The part of a log file that one process wrote. The log may have been rotated since it started.
 *
 * @param file the log
 * @param start the length of the file when the process started, in bytes
 * @param rotatedAt when the log had been rotated last when the process started, in epoch ms; 0 if
 *     never
 */
public record ComponentLog(Path file, long start, long rotatedAt) {
  /** Enough for the last error. A whole log may not fit into memory. */
  private static final int TAIL_BYTES = 256 * 1024;

  private static final int MAX_LINE_LENGTH = 300;
  private static final int MAX_LINES_SEARCHED = 100;
  private static final Pattern HARMLESS = Pattern.compile("\\b(WARN|INFO|DEBUG|TRACE)\\b");
  private static final Pattern ERROR =
      Pattern.compile(
          "\\b(ERROR|FATAL)\\b|Exception\\b.*:|^Error|^market-data-job: |OutOfMemoryError|^Caused by");

  /** The output of the process that is about to start. */
  public static ComponentLog from(Path file) throws IOException {
    return new ComponentLog(file, Files.exists(file) ? Files.size(file) : 0, rotatedAt(file, 1));
  }

  /** Returns the newest 256 KiB of lines, or nothing if the file cannot be read. */
  public List<String> tail() {
    if (rotatedAt(file, 1) == rotatedAt) {
      return text(newest(file, start, TAIL_BYTES)).lines().toList();
    }
    // The output of this process continues an older part, which began with that of the one before.
    boolean wasRotatedOnce = rotatedAt(file, 2) == rotatedAt;
    byte[] current = newest(file, 0, TAIL_BYTES);
    byte[] before =
        newest(RotatingLog.old(file, 1), wasRotatedOnce ? start : 0, TAIL_BYTES - current.length);
    return (text(before) + text(current)).lines().toList();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Returns the end of a file, of what comes after a position. */
  private static byte[] newest(Path file, long start, int limit) {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(start, in.length() - limit);
      byte[] bytes = new byte[(int) Math.max(0, in.length() - from)];
      in.seek(from);
      in.readFully(bytes);
      return bytes;
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static long rotatedAt(Path file, int age) {
    return RotatingLog.old(file, age).toFile().lastModified();
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
