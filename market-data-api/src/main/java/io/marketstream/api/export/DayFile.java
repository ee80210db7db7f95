package io.marketstream.api.export;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * One file that appears under its name when it is complete. Until then its name begins with a
 * point, so that readers of the folder skip it, and ends with the number of the process and {@code
 * .part}. Without a row there is no file. For one thread.
 */
final class DayFile implements Closeable {
  private final Path file;
  private final Path part;
  private final Opener opener;
  private final RowCounter rowsOf;
  private @Nullable RowWriter writer;
  private boolean isOpen;
  private long rows;

  /** Opens a file for writing. */
  @FunctionalInterface
  interface Opener {
    RowWriter open(Path file) throws IOException;
  }

  /** Counts the rows of a complete file. */
  @FunctionalInterface
  interface RowCounter {
    long count(Path file) throws IOException;
  }

  DayFile(Path file, Opener opener, RowCounter rowsOf) {
    this.rowsOf = rowsOf;
    this.file = file;
    this.part =
        file.resolveSibling(
            "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
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
   * Gives the file its name. Nothing happens without a row. A file with more rows is not replaced.
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
    if (Files.exists(file) && rowsOf.count(file) > rowsOf.count(part)) {
      throw new FileSystemException(
          file.toString(),
          null,
          "it has more rows than this export and was kept. Rows of ticks expire. To replace it,"
              + " delete it first");
    }
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
      } finally {
        delete();
      }
    }
    delete();
  }

  private void delete() throws IOException {
    if (isOpen) {
      isOpen = false;
      Files.deleteIfExists(part);
    }
  }
}
