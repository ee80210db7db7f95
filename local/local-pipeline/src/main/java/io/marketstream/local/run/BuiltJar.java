package io.marketstream.local.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the jar of a module in the version of the root pom. Jars of earlier versions may exist. */
final class BuiltJar {
  /** The first version in the file is the version of the project. */
  private static final Pattern VERSION = Pattern.compile("<version>\\s*([^<]+?)\\s*</version>");

  private BuiltJar() {}

  /**
   * Returns the jar of a module.
   *
   * @param root the repository's root
   * @throws UsageException if it is not built
   */
  static Path of(Path root, String module) {
    Path jar =
        root.resolve(module).resolve("target").resolve(module + "-" + version(root) + ".jar");
    if (!Files.isRegularFile(jar)) {
      throw new UsageException("There is no " + jar + ". Build it: mvn -Dquick package");
    }
    return jar;
  }

  private static String version(Path root) {
    Path pom = root.resolve("pom.xml");
    try {
      Matcher version = VERSION.matcher(Files.readString(pom));
      if (version.find()) {
        return version.group(1);
      }
    } catch (IOException e) {
      throw new UsageException("Cannot read " + pom + ": " + e.getMessage(), e);
    }
    throw new UsageException(pom + " names no version");
  }
}
