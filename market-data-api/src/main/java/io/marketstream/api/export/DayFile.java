package io.marketstream.api.export;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * One file that appears under its name when it is complete. Until then its name ends with the
 * number of the process and {@code .part}. Without a row there is no file. For one thread.
 */
final class DayFile implements Closeable {
  private final Path file;
  private final Path part;
  private final Opener opener;
  private @Nullable RowWriter writer;
  private boolean isOpen;
  private long rows;

  /** Opens a file for writing. */
  @FunctionalInterface
  interface Opener {
    RowWriter open(Path file) throws IOException;
  }

  DayFile(Path file, Opener opener) {
    this.file = file;
    this.part =
        file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    this.opener = opener;
  }

  void write(RowValues row) throws IOException {
    RowWriter open = writer;
    if (open == null) {
      Files.createDirectories(part.getParent());
      isOpen = true;
      open = opener.open(part);
      writer = open;
    }
    open.write(row);
    rows++;
  }

  long rows() {
    return rows;
  }

  /**
   * Gives the file its name. Nothing happens without a row.
   *
   * @return its size in bytes; 0 without a row
   */
  long complete() throws IOException {
    RowWriter open = writer;
    if (open == null) {
      return 0;
    }
    writer = null;
    open.close();
    long bytes = Files.size(part);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    isOpen = false;
    return bytes;
  }

  /** Deletes the file if it is not complete. */
  @Override
  public void close() throws IOException {
    RowWriter open = writer;
    writer = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException | RuntimeException e) {
        // It is deleted: whether it was written does not matter.
      }
    }
    if (isOpen) {
      isOpen = false;
      Files.deleteIfExists(part);
    }
  }
}
