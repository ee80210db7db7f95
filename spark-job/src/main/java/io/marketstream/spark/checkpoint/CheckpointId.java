package io.marketstream.spark.checkpoint;

import io.marketstream.spark.failure.StartException;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The id of a checkpoint, which identifies the job in {@code job_options} and {@code job_progress}.
 * A moved or copied checkpoint keeps its id.
 */
public final class CheckpointId {
  private static final String FILE = "market-data-job.id";

  private CheckpointId() {}

  /**
   * Returns the id of the checkpoint. A checkpoint without an id gets a new one.
   *
   * @throws StartException if the directory cannot be used
   */
  public static String of(Configuration hadoop, String checkpoint) {
    Path file = new Path(checkpoint, FILE);
    try {
      FileSystem storage = file.getFileSystem(hadoop);
      return CheckpointFile.readOrStoreId(
          storage, file, UUID.randomUUID().toString(), "The job in job_options and job_progress");
    } catch (IOException | FSError e) {
      throw CheckpointSpaceCheck.notWritable(checkpoint, e);
    }
  }
}
