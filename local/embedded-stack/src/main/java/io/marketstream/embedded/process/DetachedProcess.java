package io.marketstream.embedded.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps a terminal's Ctrl-C away from children, so that the launcher alone decides the order in
 * which they stop.
 *
 * <p>{@code setsid} where there is one; it replaces itself, so the pid stays that of the child.
 * Elsewhere (macOS) the shell ignores SIGINT and SIGHUP and then replaces itself: a JVM leaves a
 * signal alone that it finds ignored.
 */
final class DetachedProcess {
  private final Optional<Path> setsid;

  DetachedProcess(Optional<Path> setsid) {
    this.setsid = setsid;
  }

  /** What this machine offers: looks for {@code setsid} on PATH. */
  static DetachedProcess ofThisMachine() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return new DetachedProcess(
        Stream.of(path.split(File.pathSeparator))
            .filter(folder -> !folder.isEmpty())
            .map(folder -> Path.of(folder, "setsid"))
            .filter(Files::isExecutable)
            .findFirst());
  }

  List<String> wrap(List<String> commandLine) {
    List<String> wrapped =
        new ArrayList<>(
            setsid
                .map(tool -> List.of(tool.toString()))
                .orElse(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$0\" \"$@\"")));
    wrapped.addAll(commandLine);
    return wrapped;
  }
}
