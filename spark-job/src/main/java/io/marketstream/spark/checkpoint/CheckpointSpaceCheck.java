package io.marketstream.spark.checkpoint;

import io.marketstream.spark.failure.StartException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Checks that the next batch can write to the checkpoint, by writing a small file there. */
public final class CheckpointSpaceCheck {
  private static final String FILE = "market-data-job.room";

  /** More than most batches write: offsets, commit and changed state. */
  private static final int BYTES = 256 * 1024;

  /** Random, because a file system that compresses would need no space for zeros. */
  private static final byte[] CONTENT = new byte[BYTES];

  static {
    new Random(BYTES).nextBytes(CONTENT);
  }

  private CheckpointSpaceCheck() {}

  /**
   * Writes a file and deletes it.
   *
   * @throws StartException if the file system refuses the file; the message contains its reason
   */
  public static void check(Configuration hadoop, String directory) {
    Path file = new Path(directory, FILE);
    try {
      FileSystem storage = file.getFileSystem(hadoop);
      try (OutputStream out = storage.create(file, true)) {
        out.write(CONTENT);
      } finally {
        storage.delete(file, false);
      }
    } catch (IOException | IllegalArgumentException | FSError e) {
      // FSError: a local disk failed. IllegalArgumentException: HDFS does not accept the name.
      throw notWritable(directory, e);
    }
  }

  static StartException notWritable(String directory, Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new StartException(
        "--checkpoint " + directory + " cannot be written: " + root.getMessage(), failure);
  }
}
