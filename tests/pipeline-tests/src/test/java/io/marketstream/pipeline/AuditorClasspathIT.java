package io.marketstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks which libraries {@code ./market-stream audit} downloads. */
@Tag("pipeline")
class AuditorClasspathIT {

  @Test
  void itHasTheTwoClientsAndNoServer() throws Exception {
    String classpath =
        Files.readString(TestStack.ROOT.resolve("auditor/target/classpath.txt")).strip();
    List<String> jars =
        Stream.of(classpath.split(File.pathSeparator))
            .map(jar -> Path.of(jar).getFileName().toString())
            .toList();

    assertThat(jars)
        .anyMatch(jar -> jar.startsWith("kafka-clients-"))
        .anyMatch(jar -> jar.startsWith("java-driver-core-"))
        .noneMatch(
            jar ->
                jar.matches("(kafka_|connect-|cassandra-all|spark-|scala-|okhttp|feed-|jetty).*"));
  }
}
