package io.marketstream.embedded.maven;

import io.marketstream.embedded.process.ComponentException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The jars that Maven resolved for one component, in order.
 *
 * @param jars absolute paths; each exists
 */
public record ComponentClasspath(List<Path> jars) {
  public ComponentClasspath {
    jars = List.copyOf(jars);
  }

  /**
   * Reads a file written by {@code dependency:build-classpath}. A release has such files, too.
   * Their jars are relative to the folder of the file.
   *
   * @throws ComponentException if the file or one of the jars is missing
   */
  public static ComponentClasspath read(Path file) {
    List<Path> jars;
    try {
      jars =
          Stream.of(Files.readString(file).strip().split(File.pathSeparator))
              .filter(jar -> !jar.isEmpty())
              .map(jar -> file.toAbsolutePath().resolveSibling(jar).normalize())
              .toList();
    } catch (IOException e) {
      throw new ComponentException(file + " is missing. Build it: mvn -Dquick package", null, e);
    }
    jars.stream()
        .filter(jar -> !Files.exists(jar))
        .findFirst()
        .ifPresent(
            gone -> {
              throw new ComponentException(
                  gone + " is missing, which " + file + " names. Build again: mvn -Dquick package");
            });
    return new ComponentClasspath(jars);
  }

  /**
   * Returns the version of an artifact, from the name of its jar: {@code 5.0.9} of {@code
   * cassandra-all-5.0.9.jar}.
   *
   * @param artifactId without the Scala version that some carry ({@code kafka} for {@code
   *     kafka_2.13})
   */
  public String versionOf(String artifactId) {
    Pattern jarName =
        Pattern.compile(Pattern.quote(artifactId) + "(?:_\\d+\\.\\d+)?-(\\d.*)\\.jar");
    return jars.stream()
        .map(jar -> jarName.matcher(jar.getFileName().toString()))
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .findFirst()
        .orElseThrow(
            () -> new ComponentException("There is no " + artifactId + " on the class path"));
  }
}
