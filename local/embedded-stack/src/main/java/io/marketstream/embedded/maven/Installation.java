package io.marketstream.embedded.maven;

import io.marketstream.embedded.process.ComponentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what a build made: in the repository, or in an unpacked release.
 *
 * <p>A release has a file {@code VERSION}. All its jars are in {@code lib}, the plugin zips in
 * {@code plugins}, and the class paths in {@code classpaths}. In the repository, each module has
 * its results in its folder {@code target}.
 */
public final class Installation {
  private static final String VERSION_FILE = "VERSION";

  /** The first version in the root pom is the version of the project. */
  private static final Pattern POM_VERSION = Pattern.compile("<version>\\s*([^<]+?)\\s*</version>");

  private final Path root;
  private final Optional<String> released;

  private Installation(Path root, Optional<String> released) {
    this.root = root;
    this.released = released;
  }

  /**
   * Returns the installation in a folder.
   *
   * @param root the repository's root, or the folder of an unpacked release
   * @throws ComponentException if the folder cannot be read
   */
  public static Installation at(Path root) {
    Path folder = root.toAbsolutePath().normalize();
    Path version = folder.resolve(VERSION_FILE);
    if (!Files.exists(version)) {
      return new Installation(folder, Optional.empty());
    }
    try {
      return new Installation(folder, Optional.of(Files.readString(version).strip()));
    } catch (IOException e) {
      throw new ComponentException("Cannot read " + version + ": " + e.getMessage(), null, e);
    }
  }

  /** Returns whether this is an unpacked release, which needs no build. */
  public boolean isRelease() {
    return released.isPresent();
  }

  /**
   * Returns the class path of a module.
   *
   * @param module the module's folder in the repository, for example {@code local/local-pipeline}
   * @throws ComponentException if it or one of its jars is missing
   */
  public ComponentClasspath classpath(String module) {
    return ComponentClasspath.read(
        isRelease()
            ? root.resolve("classpaths").resolve(artifact(module) + ".txt")
            : root.resolve(module).resolve("target/classpath.txt"));
  }

  /**
   * Returns the jar of a module, in the version of the project. Jars of earlier versions may exist.
   *
   * @param module the module's folder in the repository
   * @throws ComponentException if it is missing
   */
  public Path jar(String module) {
    return existing(module, artifact(module) + "-" + version() + ".jar", "lib");
  }

  /**
   * Returns the plugin zip of a connector, in the version of the project.
   *
   * @param module the module's folder in the repository
   * @throws ComponentException if it is missing
   */
  public Path pluginZip(String module) {
    return existing(
        module, "marketstream-" + artifact(module) + "-" + version() + ".zip", "plugins");
  }

  private Path existing(String module, String file, String folderOfRelease) {
    Path path =
        isRelease()
            ? root.resolve(folderOfRelease).resolve(file)
            : root.resolve(module).resolve("target").resolve(file);
    if (!Files.isRegularFile(path)) {
      throw new ComponentException(
          "There is no "
              + path
              + (isRelease() ? ". Unpack the release again" : ". Build it: mvn -Dquick package"));
    }
    return path;
  }

  private String version() {
    return released.orElseGet(this::versionOfPom);
  }

  private String versionOfPom() {
    Path pom = root.resolve("pom.xml");
    try {
      Matcher version = POM_VERSION.matcher(Files.readString(pom));
      if (version.find()) {
        return version.group(1);
      }
    } catch (IOException e) {
      throw new ComponentException("Cannot read " + pom + ": " + e.getMessage(), null, e);
    }
    throw new ComponentException(pom + " names no version");
  }

  private static String artifact(String module) {
    return module.substring(module.lastIndexOf('/') + 1);
  }
}
