package io.marketstream.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** {@code ./market-stream} without its script, as a JVM with the built jars. */
public final class MarketStreamCommand {
  private MarketStreamCommand() {}

  /**
   * Returns the command line of {@code up}, or of an unknown command.
   *
   * @param root the root of the repository
   * @param arguments the command and its options
   */
  public static List<String> line(Path root, List<String> arguments) throws IOException {
    return line(root, "local/local-pipeline", "io.marketstream.local.MarketStream", arguments);
  }

  /**
   * Returns the command line of {@code audit}.
   *
   * @param root the log is in its folder {@code target}
   * @param options the options of the audit
   */
  public static List<String> audit(Path root, List<String> options) throws IOException {
    return line(root, "auditor", "io.marketstream.auditor.cli.AuditMain", options);
  }

  private static List<String> line(
      Path root, String module, String mainClass, List<String> arguments) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    line.addAll(List.of("-Dmarketstream.root=" + root, "-cp", classpath(module)));
    line.add(mainClass);
    line.addAll(arguments);
    return line;
  }

  private static String classpath(String module) throws IOException {
    Path folder = TestStack.ROOT.resolve(module);
    Path built = folder.resolve("target");
    try (Stream<Path> files = Files.list(built)) {
      Path jar =
          files
              .filter(
                  file -> file.getFileName().toString().matches(folder.getFileName() + "-.*\\.jar"))
              .findFirst()
              .orElseThrow();
      return jar + ":" + Files.readString(built.resolve("classpath.txt")).strip();
    }
  }
}
