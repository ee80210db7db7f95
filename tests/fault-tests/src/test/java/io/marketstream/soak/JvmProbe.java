package io.marketstream.soak;

import io.marketstream.local.component.Component;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The JVM of one component, seen from outside: by {@code /proc}, and by our JDK's {@code jcmd}. */
record JvmProbe(Component component) {

  private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

  /** A generation or the whole heap, whatever the collector calls it; not the metaspace. */
  private static final Pattern HEAP = Pattern.compile("total \\d+K, used (\\d+)K");

  /** Whether this machine tells of its processes as we ask. */
  static boolean worksHere() {
    return Files.isDirectory(Path.of("/proc/self/fd")) && Files.isExecutable(JCMD);
  }

  /** Bytes of Java heap that a full collection leaves; runs that collection. */
  double liveHeapBytes() throws IOException, InterruptedException {
    jcmd("GC.run");
    Matcher used = HEAP.matcher(jcmd("GC.heap_info"));
    long kib = 0;
    while (used.find()) {
      kib += Long.parseLong(used.group(1));
    }
    if (kib == 0) {
      throw new IOException("jcmd does not tell the heap of " + component.name());
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

  /** Bytes of RAM that no file backs: heap, stacks, native memory; not mapped tables. */
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
    return component.pid().orElseThrow(() -> component.failure("stopped by itself"));
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
