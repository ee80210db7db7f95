package io.marketstream.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.marketstream.spark.failure.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointSpaceCheckTest {
  private final Configuration hadoop = new Configuration();
  @TempDir private Path directory;

  @Test
  void theCheckLeavesNothingBehind() {
    CheckpointSpaceCheck.check(hadoop, directory.toUri().toString());

    assertThat(directory).isEmptyDirectory();
  }

  /** Linux has a device that is always full. Hadoop reports it with an Error, not an Exception. */
  @Test
  void aFullDiskIsNamedAsTheReason() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "there is no /dev/full here");
    Files.createSymbolicLink(directory.resolve("market-data-job.room"), full);

    assertThatThrownBy(() -> CheckpointSpaceCheck.check(hadoop, directory.toString()))
        .isInstanceOf(StartException.class)
        .hasMessage("--checkpoint " + directory + " cannot be written: No space left on device");
    CheckpointSpaceCheck.check(hadoop, directory.toString());
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> CheckpointSpaceCheck.check(hadoop, file.resolve("below").toString()))
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("--checkpoint " + file.resolve("below") + " cannot be written: ")
        .hasMessageContaining(file.toString());
  }
}
