package io.marketstream.embedded.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the processes of a standalone cluster take for a Spark installation: a folder {@code jars}
 * with links to what Maven resolved. A worker starts its executors from it.
 */
final class SparkHome {
  private SparkHome() {}

  /** Lays it out and returns the environment that points to it. */
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
        // Also of its pages: nothing here listens to other machines.
        "SPARK_LOCAL_IP", "127.0.0.1");
  }
}
