package io.marketstream.spark;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The id of a checkpoint, by which the tables name the job that uses it. A checkpoint keeps its id
 * when it is moved, and so does a copy.
 */
final class CheckpointId {
  private static final String FILE = "market-data-job.id";

  private CheckpointId() {}

  /**
   * Reads the id; a checkpoint without one gets one.
   *
   * @throws StartException if the directory cannot be used
   */
  static String of(Configuration hadoop, String checkpoint) {
    Path file = new Path(checkpoint, FILE);
    try {
      FileSystem storage = file.getFileSystem(hadoop);
      return CheckpointFile.remember(
          storage, file, UUID.randomUUID().toString(), "The job in job_options and job_progress");
    } catch (IOException | FSError e) {
      throw CheckpointRoom.cannotWrite(checkpoint, e);
    }
  }
}
