package io.marketstream.local;

import ch.qos.logback.core.FileAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A log file of bounded size with older parts, {@code FILE.1} the newest. Logback's own rolling
 * appender reads the path as a pattern, so a folder with a percent sign stops it.
 *
 * @param <E> the event that is logged
 */
public final class BoundedFileAppender<E> extends FileAppender<E> {
  private static final int OLD_PARTS = 3;

  private long maxBytes = Long.MAX_VALUE;

  /** Sets the size at which the file becomes an older part. */
  public void setMaxBytes(long bytes) {
    maxBytes = bytes;
  }

  @Override
  protected void subAppend(E event) {
    super.subAppend(event);
    Path file = Path.of(getFile());
    streamWriteLock.lock();
    try {
      if (Files.size(file) > maxBytes) {
        closeOutputStream();
        rotate(file);
        openFile(getFile());
      }
    } catch (IOException e) {
      addError("The log cannot be rotated", e);
    } finally {
      streamWriteLock.unlock();
    }
  }

  private static void rotate(Path file) throws IOException {
    for (int number = OLD_PARTS; number >= 1; number--) {
      Path newer = number == 1 ? file : old(file, number - 1);
      if (Files.exists(newer)) {
        Files.move(newer, old(file, number), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static Path old(Path file, int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }
}
