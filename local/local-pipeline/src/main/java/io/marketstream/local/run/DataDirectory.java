package io.marketstream.local.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder with all data and logs of a local pipeline. One {@code up} at a time has it locked.
 * The lock ends with the process.
 */
public final class DataDirectory implements AutoCloseable {
  /** The locked file. A folder without it is not a data directory. */
  static final String LOCK = "market-stream.lock";

  /** The file with the version of the data. */
  static final String VERSION_FILE = "version";

  /**
   * The version of the data. Raise it if a release cannot continue with the data of the one before.
   * Folders of 0.1.0 and before have no version file. They count as version 1.
   */
  static final int VERSION = 2;

  /** The file that exists if the data is of runs in real-time mode. */
  static final String REAL_TIME_FILE = "real-time";

  /**
   * The file that exists until a run has ended in an orderly way. {@code status} finds the ports in
   * it.
   */
  private static final String RUNNING = "running";

  private final Path path;
  private final FileChannel channel;
  private final boolean cutShort;

  private DataDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
    this.cutShort = Files.exists(path.resolve(RUNNING));
  }

  /**
   * Takes the folder; creates it when absent. Its path has no links.
   *
   * @throws UsageException when it cannot be written, another {@code up} has it, or it is not empty
   *     and not ours
   */
  public static DataDirectory open(Path folder) {
    Path path = folder.toAbsolutePath();
    @Nullable FileChannel channel = null;
    try {
      // Older JDKs refuse to create a folder where a link to a folder exists.
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path);
      }
      path = path.toRealPath();
      refuseForeignFolder(path);
      channel =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(channel)) {
        throw new UsageException(
            "Another market-stream runs on "
                + path
                + ". End it, or choose a folder of your own with --data-dir");
      }
      Machine.requireExecutable(path);
      return new DataDirectory(path, channel);
    } catch (IOException e) {
      close(channel);
      throw new UsageException(
          "Cannot write the data directory "
              + path
              + " ("
              + reason(e)
              + "). Choose another with --data-dir",
          e);
    } catch (UsageException e) {
      close(channel);
      throw e;
    }
  }

  /**
   * Prepares the folder for a run. No process of an earlier run may still run.
   *
   * @param clean whether to empty it first
   * @param realTime whether the job runs in real-time mode
   * @throws UsageException when it holds what another release or mode left, and is not to be
   *     emptied
   */
  public void prepare(boolean clean, boolean realTime) throws IOException {
    if (clean) {
      empty();
    }
    Path file = path.resolve(VERSION_FILE);
    int found = Files.exists(file) ? version(Files.readString(file)) : isUnused() ? VERSION : 1;
    if (found != VERSION) {
      throw new UsageException(
          path
              + " holds data of "
              + (found < VERSION ? "an earlier" : "a later")
              + " release (data version "
              + found
              + ", this release has "
              + VERSION
              + "). Add --clean to empty it, choose another folder with --data-dir, or go on with"
              + " that release");
    }
    takeMode(realTime);
    Files.writeString(file, VERSION + "\n");
  }

  /** A checkpoint belongs to one mode. Without a checkpoint, there is nothing to continue. */
  private void takeMode(boolean realTime) throws IOException {
    Path file = path.resolve(REAL_TIME_FILE);
    boolean wasRealTime = Files.exists(file);
    if (wasRealTime == realTime) {
      return;
    }
    if (Files.exists(checkpoint())) {
      throw new UsageException(
          path
              + (wasRealTime
                  ? " holds data of a run with --real-time. Add --real-time to continue,"
                  : " holds data of a run without --real-time. Leave --real-time out to continue,")
              + " --clean to empty it, or choose another folder with --data-dir");
    }
    if (realTime) {
      Files.writeString(file, "");
    } else {
      Files.delete(file);
    }
  }

  public Path path() {
    return path;
  }

  public Path plugins() {
    return path.resolve("plugins");
  }

  public Path checkpoint() {
    return path.resolve("checkpoint");
  }

  /** Returns the folder for all logs. */
  public Path logs() {
    return path.resolve("logs");
  }

  /** Returns the folder for temporary files of the launcher, and creates it if absent. */
  public Path temporary() throws IOException {
    return Files.createDirectories(path.resolve("tmp"));
  }

  /** Returns whether the last run was killed. Its processes may still be ending. */
  public boolean wasCutShort() {
    return cutShort;
  }

  /** Records that components are about to start, with their ports for {@code status}. */
  public void markRunning(LocalPorts ports) throws IOException {
    Files.writeString(
        path.resolve(RUNNING),
        String.join(
            "\n",
            "pid=" + ProcessHandle.current().pid(),
            "kafka=" + ports.kafka(),
            "connect=" + ports.connect(),
            "cassandra=" + ports.cassandra(),
            ""));
  }

  /** Records that all components have stopped. */
  public void markStopped() throws IOException {
    Files.deleteIfExists(path.resolve(RUNNING));
  }

  @Override
  public void close() {
    close(channel);
  }

  private void empty() throws IOException {
    for (Path entry : entries()) {
      if (!entry.endsWith(LOCK)) {
        FileTree.delete(entry);
      }
    }
  }

  private boolean isUnused() throws IOException {
    return entries().stream().allMatch(entry -> entry.endsWith(LOCK) || entry.endsWith("logs"));
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> all = Files.list(path)) {
      return all.toList();
    }
  }

  /** An empty file is what a full disk left of one that was being written. */
  private static int version(String text) {
    try {
      return text.isBlank() ? VERSION : Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      return Integer.MAX_VALUE;
    }
  }

  /** A mistyped --data-dir with --clean must not cost anybody a home directory. */
  private static void refuseForeignFolder(Path path) throws IOException {
    if (Files.exists(path.resolve(LOCK))) {
      return;
    }
    try (Stream<Path> entries = Files.list(path)) {
      if (entries.findAny().isPresent()) {
        throw new UsageException(
            path
                + " holds other files and is not a data directory of market-stream. Choose another"
                + " with --data-dir");
      }
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
  }

  private static void close(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // The lock ends with the process.
      }
    }
  }
}
