package io.marketstream.local.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The jar that the build made of a module: of this version, not of an earlier one whose jar is
 * still there, and not of its sources.
 */
final class BuiltJar {
  /** The first in the file is that of the project. */
  private static final Pattern VERSION = Pattern.compile("<version>\\s*([^<]+?)\\s*</version>");

  private BuiltJar() {}

  /**
   * @param root the repository's root
   * @throws UsageException when it is not there
   */
  static Path of(Path root, String module) {
    Path jar =
        root.resolve(module).resolve("target").resolve(module + "-" + version(root) + ".jar");
    if (!Files.isRegularFile(jar)) {
      throw new UsageException("There is no " + jar + ". Build it: mvn -DskipTests package");
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
