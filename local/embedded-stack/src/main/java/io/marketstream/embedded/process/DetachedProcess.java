package io.marketstream.embedded.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Detaches child processes from the terminal, so that Ctrl-C does not reach them. The parent can
 * then stop them in order.
 *
 * <p>Uses {@code setsid} if the machine has it. It replaces itself, so the process id is that of
 * the child. Elsewhere, as on macOS, a shell ignores SIGINT and SIGHUP and then replaces itself. A
 * JVM does not handle a signal that is ignored when it starts.
 */
final class DetachedProcess {
  private final Optional<Path> setsid;

  DetachedProcess(Optional<Path> setsid) {
    this.setsid = setsid;
  }

  /** Looks for {@code setsid} on PATH. */
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
