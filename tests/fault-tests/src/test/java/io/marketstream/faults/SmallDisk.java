package io.marketstream.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A disk of a few MiB, mounted on a folder, that can run full: a tmpfs, which takes memory only for
 * what is on it. Mounting needs root; where it is not allowed the test is skipped. One thread at a
 * time.
 */
final class SmallDisk implements AutoCloseable {

  /** What the system says of a full disk, and with it every log. */
  static final String NO_SPACE = "No space left on device";

  private static final int BLOCK = 64 * 1024;

  /** The least that a file takes. */
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
   * Mounts an empty one on the folder, which is created; what it may have held is hidden meanwhile.
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
   * Takes all that is left. Called again, it takes what has become free since.
   *
   * @return how much it took, bytes
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
      mustBeForWantOfRoom(full);
      return taken;
    }
  }

  /** Whether a file of one page finds no room. */
  boolean isFull() {
    try {
      Files.write(probe, new byte[PAGE]);
      return false;
    } catch (IOException full) {
      mustBeForWantOfRoom(full);
      return true;
    } finally {
      delete(probe);
    }
  }

  /** Else it is another failure, and the test must not take it for a full disk. */
  private static void mustBeForWantOfRoom(IOException failure) {
    if (!String.valueOf(failure.getMessage()).contains(NO_SPACE)) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Runs full and stays so: what its users give back meanwhile is taken, too.
   *
   * @throws AssertionError if it had room most of the time nevertheless
   */
  void stayFullFor(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    int looks = 0;
    int full = 0;
    do {
      fill();
      looks++;
      full += isFull() ? 1 : 0;
      Thread.sleep(100);
    } while (System.nanoTime() < end);
    if (full * 2 <= looks) {
      throw new AssertionError(folder + " was full at " + full + " of " + looks + " looks only");
    }
  }

  /** Gives back what {@link #fill()} took. */
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

  /** Bytes that are not taken. */
  long freeBytes() {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unmounts it, with all that was on it; as soon as nobody uses it where somebody still does. */
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

  /** What the command said where it failed, empty where it did not. */
  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes()).strip();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return String.join(" ", command) + " hangs";
      }
      return process.exitValue() == 0 ? "" : said.isEmpty() ? List.of(command) + " failed" : said;
    } catch (IOException e) {
      return e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
