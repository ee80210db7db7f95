package io.marketstream.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Whether the checkpoint takes what the next batch would leave there, asked by a small file. */
final class CheckpointRoom {
  private static final String FILE = "market-data-job.room";

  /** Beyond what a batch's offsets, commit and changed state mostly are. */
  private static final int BYTES = 256 * 1024;

  /** A file system that compresses would store zeros in no room at all. */
  private static final byte[] CONTENT = new byte[BYTES];

  static {
    new Random(BYTES).nextBytes(CONTENT);
  }

  private CheckpointRoom() {}

  /**
   * Writes a file and deletes it.
   *
   * @throws StartException if the file system does not take it, with its reason
   */
  static void check(Configuration hadoop, String directory) {
    Path file = new Path(directory, FILE);
    try {
      FileSystem storage = file.getFileSystem(hadoop);
      try (OutputStream out = storage.create(file, true)) {
        out.write(CONTENT);
      } finally {
        storage.delete(file, false);
      }
    } catch (IOException | IllegalArgumentException | FSError e) {
      // Hadoop makes an error of a local disk's failure, and HDFS an argument of a name with a
      // colon.
      throw cannotWrite(directory, e);
    }
  }

  static StartException cannotWrite(String directory, Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new StartException(
        "--checkpoint " + directory + " cannot be written: " + root.getMessage(), failure);
  }
}
