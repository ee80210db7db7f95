package io.marketstream.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.spark.failure.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointIdTest {
  private final Configuration hadoop = new Configuration();
  @TempDir private Path directory;

  @Test
  void aCheckpointKeepsTheIdThatItGotFirst() {
    String id = CheckpointId.of(hadoop, checkpoint("one"));

    assertThat(UUID.fromString(id)).hasToString(id);
    assertThat(CheckpointId.of(hadoop, checkpoint("one"))).isEqualTo(id);
  }

  @Test
  void twoCheckpointsHaveTwoIds() {
    assertThat(CheckpointId.of(hadoop, checkpoint("one")))
        .isNotEqualTo(CheckpointId.of(hadoop, checkpoint("two")));
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamed() throws IOException {
    Files.writeString(directory.resolve("file"), "in the way");

    assertThatThrownBy(() -> CheckpointId.of(hadoop, checkpoint("file")))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("cannot be written");
  }

  private String checkpoint(String name) {
    return directory.resolve(name).toUri().toString();
  }
}
