package io.marketstream.local;

import io.marketstream.local.run.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that an option names for writing. A file that cannot be written is refused before the run,
 * not after it.
 */
final class WritableFile {
  private WritableFile() {}

  /**
   * The file as an absolute path.
   *
   * @param option the option that names it, for the message
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
