package io.marketstream.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** {@code ./market-stream} without its script: a JVM with the built jar. */
public final class MarketStreamCommand {
  private static final Path BUILT = RealComponents.ROOT.resolve("local-pipeline/target");

  private MarketStreamCommand() {}

  /**
   * The command line.
   *
   * @param root where it looks for the repository
   * @param arguments the command and its options
   */
  public static List<String> line(Path root, List<String> arguments) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    line.addAll(List.of("-Dmarketstream.root=" + root, "-cp", classpath()));
    line.add("io.marketstream.local.MarketStream");
    line.addAll(arguments);
    return line;
  }

  private static String classpath() throws IOException {
    try (Stream<Path> files = Files.list(BUILT)) {
      Path jar =
          files
              .filter(file -> file.getFileName().toString().matches("local-pipeline-.*\\.jar"))
              .findFirst()
              .orElseThrow();
      return jar + ":" + Files.readString(BUILT.resolve("classpath.txt")).strip();
    }
  }
}
