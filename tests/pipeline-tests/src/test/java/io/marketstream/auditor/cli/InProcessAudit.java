package io.marketstream.auditor.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * {@code ./market-stream audit} inside the JVM of a test: the same options, output and exit code
 * without the start of a JVM.
 *
 * @param exitCode the exit code that the process would have
 * @param output standard output and standard error
 */
public record InProcessAudit(int exitCode, String output) {

  /**
   * Runs an audit to its end.
   *
   * @param root the folder for its log
   */
  public static InProcessAudit run(Path root, List<String> arguments) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int exitCode = new AuditMain(out, out).run(arguments.toArray(String[]::new), root, Map.of());
    return new InProcessAudit(exitCode, bytes.toString(StandardCharsets.UTF_8));
  }
}
