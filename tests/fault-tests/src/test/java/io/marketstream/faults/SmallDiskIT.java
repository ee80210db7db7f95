package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of full disks rely on {@link SmallDisk}, so it has tests of its own. */
@Tag("faults")
class SmallDiskIT {

  @TempDir Path home;

  @Test
  void aFullDiskTakesNothingUntilItIsFreed() throws IOException {
    Path file = home.resolve("disk/file");
    try (SmallDisk disk = SmallDisk.on(home.resolve("disk"), 1)) {
      assertThat(disk.fill()).isGreaterThan(900_000);
      assertThatThrownBy(() -> Files.write(file, new byte[8192]))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(SmallDisk.NO_SPACE);
      assertThat(disk.isFull()).isTrue();

      disk.free();

      assertThat(disk.isFull()).isFalse();
      Files.write(file, new byte[8192]);
      assertThat(disk.fill()).isLessThan(1024 * 1024);
    }
    assertThat(file).as("unmounted with the disk").doesNotExist();
  }

  @Test
  void aDiskInUseCanBeUnmounted() throws IOException {
    Path file = home.resolve("disk/file");
    SmallDisk disk = SmallDisk.on(home.resolve("disk"), 1);
    try (OutputStream open = Files.newOutputStream(file)) {
      disk.close();
      open.write(1);
    }
    assertThat(file).doesNotExist();
  }
}
