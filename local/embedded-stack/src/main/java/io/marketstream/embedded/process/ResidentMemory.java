package io.marketstream.embedded.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Reads how much RAM a process holds: from {@code /proc} if it exists, otherwise from {@code ps}.
 */
final class ResidentMemory {
  private static final Path PROC = Path.of("/proc");

  private ResidentMemory() {}

  /** Returns the resident bytes, or empty if the process is gone or the machine does not say. */
  static OptionalLong of(long pid) {
    Path status = PROC.resolve(Long.toString(pid)).resolve("status");
    try {
      return Files.exists(status) ? fromStatus(status) : fromPs(pid);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong fromStatus(Path status) throws IOException {
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> kibibytes(line.substring("VmRSS:".length())))
          .findFirst();
    }
  }

  private static OptionalLong fromPs(long pid) throws IOException {
    Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid)).start();
    try {
      String answer =
          new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      ps.waitFor(5, TimeUnit.SECONDS);
      return answer.isEmpty() ? OptionalLong.empty() : OptionalLong.of(kibibytes(answer));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    }
  }

  private static long kibibytes(String text) {
    return Long.parseLong(text.replace("kB", "").strip()) * 1024;
  }
}
