package io.marketstream.embedded.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A Spark installation made of links: a folder {@code jars} with links to the jars that Maven
 * resolved. A worker starts its executors from it.
 */
final class SparkHome {
  private SparkHome() {}

  /** Creates the folder, and returns the environment variables that point to it. */
  static Map<String, String> layOut(Path home, ComponentClasspath classpath) throws IOException {
    Path jars = Files.createDirectories(home.resolve("jars"));
    for (Path jar : classpath.jars()) {
      Path link = jars.resolve(jar.getFileName());
      if (!Files.isSymbolicLink(link)) {
        Files.createSymbolicLink(link, jar);
      }
    }
    String scala = classpath.versionOf("scala-library");
    return Map.of(
        "SPARK_HOME", home.toString(),
        "SPARK_SCALA_VERSION", scala.substring(0, scala.lastIndexOf('.')),
        // For the web pages too: nothing listens on other addresses.
        "SPARK_LOCAL_IP", "127.0.0.1");
  }
}
