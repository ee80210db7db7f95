package io.marketstream.local;

import io.marketstream.local.run.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks before a run that a file can be written after it. */
final class WritableFile {
  private WritableFile() {}

  /**
   * Returns the file as an absolute path.
   *
   * @param option the option that names the file, for the message
   * @throws UsageException if the file is a folder, or its folder cannot be written to
   */
  static Path require(String option, Path named) {
    Path file = named.toAbsolutePath().normalize();
    Path parent = file.getParent();
    if (Files.isDirectory(file)) {
      throw new UsageException(option + " " + named + " is a folder. Name a file");
    }
    if (parent == null || !Files.isDirectory(parent) || !Files.isWritable(parent)) {
      throw new UsageException(
          option + " " + named + ": there is no folder " + parent + " that can be written to");
    }
    return file;
  }
}
