package io.marketstream.embedded.child;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Standard output and standard error of a child, as a log of bounded size. A full log is copied to
 * {@code NAME.1}, older ones are renamed to {@code NAME.2} and {@code NAME.3}, and the log is then
 * emptied.
 *
 * <p>The log is copied and not renamed, because the JVM itself also writes to it: file descriptor 1
 * is the same file. Its last words, such as those about a full heap, thus stay in the newest log.
 * The child does this itself, so that no line depends on the launcher, which may be killed.
 *
 * <p>Thread-safe. It uses no file channel, because an interrupted writer would close it.
 */
public final class RotatingLog extends OutputStream {
  /** System property: the log. Without it, the output stays as it is. */
  public static final String FILE_PROPERTY = "marketstream.log.file";

  /** System property: how many bytes the log may have. Default: {@value #DEFAULT_LIMIT}. */
  public static final String LIMIT_PROPERTY = "marketstream.log.limit.bytes";

  /** How many full logs are kept. */
  public static final int OLD_LOGS = 3;

  private static final long DEFAULT_LIMIT = 10L * 1024 * 1024;

  /** After a rotation that failed, the next one is tried when this part of the limit is written. */
  private static final int PARTS_TO_NEXT_TRY = 10;

  private final File file;
  private final long limit;
  private final OutputStream out;
  private long size; // as far as this class has written it
  private boolean isLineComplete = true;

  RotatingLog(File file, long limit) throws IOException {
    this.file = file;
    this.limit = limit;
    this.out = new FileOutputStream(file, true);
    this.size = file.length();
  }

  /** Replaces {@code System.out} and {@code System.err}, if the system property names a log. */
  static void install() throws IOException {
    String name = System.getProperty(FILE_PROPERTY);
    if (name == null) {
      return;
    }
    PrintStream both =
        new PrintStream(
            new RotatingLog(new File(name), Long.getLong(LIMIT_PROPERTY, DEFAULT_LIMIT)),
            true,
            StandardCharsets.UTF_8);
    System.setOut(both);
    System.setErr(both);
  }

  /**
   * Names an older part of a log.
   *
   * @param age 1 for the newest of them, up to {@link #OLD_LOGS}
   */
  public static Path old(Path log, int age) {
    return log.resolveSibling(log.getFileName() + "." + age);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return;
    }
    // A line is not cut, as long as its parts are small.
    if (size > 0 && size + length > limit && (isLineComplete || size >= limit)) {
      rotate();
    }
    out.write(bytes, offset, length);
    size += length;
    isLineComplete = bytes[offset + length - 1] == '\n';
  }

  /**
   * On a full disk, the log grows until a later try succeeds: a line is worth more than a bound.
   */
  private void rotate() {
    Path log = file.toPath();
    Path copy = log.resolveSibling(log.getFileName() + ".tmp");
    try {
      copyTo(copy);
      for (int age = OLD_LOGS; age > 1; age--) {
        if (Files.exists(old(log, age - 1))) {
          Files.move(old(log, age - 1), old(log, age), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      Files.move(copy, old(log, 1), StandardCopyOption.REPLACE_EXISTING);
      try (RandomAccessFile emptied = new RandomAccessFile(file, "rw")) {
        emptied.setLength(0);
      }
      size = 0;
    } catch (IOException e) {
      copy.toFile().delete();
      size = limit - limit / PARTS_TO_NEXT_TRY;
    }
  }

  private void copyTo(Path copy) throws IOException {
    try (InputStream in = new FileInputStream(file);
        OutputStream to = new FileOutputStream(copy.toFile())) {
      in.transferTo(to);
    }
  }
}
