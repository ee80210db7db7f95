package io.marketstream.local;

import io.marketstream.local.run.UserError;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file of {@code --report}: that it cannot be written is said now rather than after the run.
 */
final class WritableFile {
  private WritableFile() {}

  /**
   * @throws UserError if the file is a folder, or its folder cannot be written to
   */
  static Path require(Path report) {
    Path file = report.toAbsolutePath().normalize();
    Path parent = file.getParent();
    if (Files.isDirectory(file)) {
      throw new UserError("--report " + report + " is a folder. Name a file");
    }
    if (parent == null || !Files.isDirectory(parent) || !Files.isWritable(parent)) {
      throw new UserError(
          "--report " + report + ": there is no folder " + parent + " that can be written to");
    }
    return file;
  }
}
