package io.marketstream.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The jars that this build made. */
public final class BuiltModule {
  private BuiltModule() {}

  /**
   * Returns the jar of a module.
   *
   * @param module its folder from the root. The last part is the name of the artifact
   * @throws IllegalStateException if it is not built
   */
  public static Path jar(String module) {
    Path target = TestStack.ROOT.resolve(module).resolve("target");
    try (var jars = Files.newDirectoryStream(target, target.getParent().getFileName() + "-*.jar")) {
      for (Path jar : jars) {
        return jar;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException(module + " is not built: run mvn verify from the root");
  }
}
