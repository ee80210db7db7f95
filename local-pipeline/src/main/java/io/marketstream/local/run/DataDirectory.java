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

/**
 * The folder that holds everything a local pipeline keeps, held by one {@code up} at a time. The
 * lock goes with the process, however that ends.
 */
public final class DataDirectory implements AutoCloseable {
  /** Locked while in use. Its presence tells a data directory from any other folder. */
  static final String LOCK = "market-stream.lock";

  private static final String LOGS = "logs";
  private static final String LAUNCHER_LOG = "market-stream.log";

  /** There while a run has not ended in an orderly way. */
  private static final String RUNNING = "running";

  private final Path path;
  private final FileChannel channel;

  private DataDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Takes the folder; creates it when absent.
   *
   * @param clean empty it first
   * @throws UserError when it cannot be written, another {@code up} has it, or it is not empty and
   *     not ours
   */
  public static DataDirectory open(Path folder, boolean clean) {
    Path path = folder.toAbsolutePath().normalize();
    FileChannel channel = null;
    try {
      Files.createDirectories(path);
      refuseForeignFolder(path);
      channel =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(channel)) {
        throw new UserError(
            "Another market-stream runs on "
                + path
                + ". End it, or choose a folder of your own with --data-dir");
      }
      DataDirectory directory = new DataDirectory(path, channel);
      if (clean) {
        directory.empty();
      }
      return directory;
    } catch (IOException e) {
      close(channel);
      throw new UserError(
          "Cannot write the data directory "
              + path
              + " ("
              + reason(e)
              + "). Choose another with --data-dir",
          e);
    } catch (UserError e) {
      close(channel);
      throw e;
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

  /** Whether an earlier run was killed: parts of it may still be on their way out. */
  public boolean wasCutShort() {
    return Files.exists(path.resolve(RUNNING));
  }

  /** Notes that components are about to be started. */
  public void markRunning() throws IOException {
    Files.writeString(path.resolve(RUNNING), Long.toString(ProcessHandle.current().pid()));
  }

  /** Notes that nothing runs any more. */
  public void markStopped() throws IOException {
    Files.deleteIfExists(path.resolve(RUNNING));
  }

  @Override
  public void close() {
    close(channel);
  }

  private void empty() throws IOException {
    List<Path> entries;
    try (Stream<Path> all = Files.list(path)) {
      entries = all.filter(entry -> !entry.getFileName().toString().equals(LOCK)).toList();
    }
    for (Path entry : entries) {
      FileTree.delete(entry);
    }
  }

  /** A mistyped --data-dir with --clean must not cost anybody a home directory. */
  private static void refuseForeignFolder(Path path) throws IOException {
    if (Files.exists(path.resolve(LOCK))) {
      return;
    }
    try (Stream<Path> entries = Files.list(path)) {
      if (entries.anyMatch(entry -> !isOwnLog(entry))) {
        throw new UserError(
            path
                + " holds other files and is no data directory of market-stream. Choose another with --data-dir");
      }
    }
  }

  /** The launcher's log may be opened before the folder is taken. */
  private static boolean isOwnLog(Path entry) {
    String[] files = entry.toFile().list();
    return entry.endsWith(LOGS)
        && files != null
        && List.of(LAUNCHER_LOG).containsAll(List.of(files));
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

  private static void close(FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // The lock goes with the process.
      }
    }
  }
}
