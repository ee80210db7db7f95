package io.marketstream.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A disk of a few MiB that can be filled. It is a tmpfs that is mounted on a folder, and takes
 * memory only for its content. Mounting needs root; without root the test is skipped. Not safe for
 * several threads.
 */
final class SmallDisk implements AutoCloseable {

  /** The message of the system for a full disk, which every log repeats. */
  static final String NO_SPACE = "No space left on device";

  private static final int BLOCK = 64 * 1024;

  /** The smallest space that a file takes. */
  private static final int PAGE = 4096;

  private final Path folder;
  private final Path ballast;
  private final Path probe;
  private boolean mounted = true;

  private SmallDisk(Path folder) {
    this.folder = folder;
    this.ballast = folder.resolve("ballast");
    this.probe = folder.resolve("probe");
  }

  /**
   * Mounts an empty disk on the folder, which is created. The disk hides what the folder contained.
   */
  static SmallDisk on(Path folder, int mib) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String refused =
        run("mount", "-t", "tmpfs", "-o", "size=" + mib + "m", "small-disk", folder.toString());
    Assumptions.assumeTrue(
        refused.isEmpty(), () -> "a small disk cannot be mounted here: " + refused);
    return new SmallDisk(folder);
  }

  /**
   * Fills the disk. Called again, it takes what has become free since.
   *
   * @return how many bytes it took
   */
  long fill() {
    long taken = 0;
    try (FileChannel file =
        FileChannel.open(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      ByteBuffer block = ByteBuffer.allocate(BLOCK);
      while (true) {
        taken += file.write(block.clear());
      }
    } catch (IOException full) {
      requireNoSpace(full);
      return taken;
    }
  }

  /** Whether there is no space for a file of one page. */
  boolean isFull() {
    try {
      Files.write(probe, new byte[PAGE]);
      return false;
    } catch (IOException full) {
      requireNoSpace(full);
      return true;
    } finally {
      delete(probe);
    }
  }

  /** Throws any other failure, which must not count as a full disk. */
  private static void requireNoSpace(IOException failure) {
    if (!String.valueOf(failure.getMessage()).contains(NO_SPACE)) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Fills the disk and keeps it full: space that becomes free is taken again.
   *
   * @throws AssertionError if the disk had space at half of the checks or more
   */
  void stayFullFor(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    int checks = 0;
    int full = 0;
    do {
      fill();
      checks++;
      full += isFull() ? 1 : 0;
      Thread.sleep(100);
    } while (System.nanoTime() < end);
    if (full * 2 <= checks) {
      throw new AssertionError(folder + " was full at " + full + " of " + checks + " checks only");
    }
  }

  /** Frees the space that {@link #fill()} took. */
  void free() {
    delete(ballast);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unmounts the disk and loses its content. If it is in use, this happens when it is closed. */
  @Override
  public void close() {
    if (!mounted) {
      return;
    }
    mounted = false;
    if (!run("umount", folder.toString()).isEmpty()) {
      String refused = run("umount", "--lazy", folder.toString());
      if (!refused.isEmpty()) {
        throw new IllegalStateException(folder + " stays mounted: " + refused);
      }
    }
  }

  /** Runs a command. Returns its output if it fails, and an empty string if not. */
  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return String.join(" ", command) + " hangs";
      }
      return process.exitValue() == 0
          ? ""
          : output.isEmpty() ? List.of(command) + " failed" : output;
    } catch (IOException e) {
      return e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
