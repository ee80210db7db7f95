package io.marketstream.soak;

import io.marketstream.embedded.component.Component;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the JVM of one component from outside, by {@code /proc} and by our JDK's {@code jcmd}. */
record JvmProbe(Component component) {

  private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

  /** Matches a generation or the whole heap of any collector, but not the metaspace. */
  private static final Pattern HEAP = Pattern.compile("total \\d+K, used (\\d+)K");

  /** Whether this machine has {@code /proc} and {@code jcmd}. */
  static boolean worksHere() {
    return Files.isDirectory(Path.of("/proc/self/fd")) && Files.isExecutable(JCMD);
  }

  /** Runs a full collection, and returns the bytes of Java heap that are left. */
  double liveHeapBytes() throws IOException, InterruptedException {
    jcmd("GC.run");
    Matcher used = HEAP.matcher(jcmd("GC.heap_info"));
    long kib = 0;
    while (used.find()) {
      kib += Long.parseLong(used.group(1));
    }
    if (kib == 0) {
      throw new IOException("jcmd does not report the heap of " + component.name());
    }
    return kib * 1024.0;
  }

  double threads() throws IOException {
    return status("Threads:");
  }

  double openFiles() throws IOException {
    try (Stream<Path> files = Files.list(process().resolve("fd"))) {
      return files.count();
    }
  }

  /** Returns the bytes of RAM that no file backs: heap, stacks and native memory. */
  double anonymousBytes() throws IOException {
    return status("RssAnon:") * 1024;
  }

  private double status(String key) throws IOException {
    try (Stream<String> lines = Files.lines(process().resolve("status"))) {
      return lines
          .filter(line -> line.startsWith(key))
          .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
  }

  private Path process() {
    return Path.of("/proc", Long.toString(pid()));
  }

  private long pid() {
    return component.pid().orElseThrow(() -> component.failure("ended by itself"));
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(JCMD.toString(), Long.toString(pid()), command)
            .redirectErrorStream(true)
            .start();
    String answer = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (jcmd.waitFor() != 0) {
      throw new IOException("jcmd " + command + " of " + component.name() + ": " + answer);
    }
    return answer;
  }
}
