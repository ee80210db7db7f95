package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path folder;

  @Test
  void twoRunsOnOneFolderAreRefused() {
    Path data = folder.resolve("data");
    try (DataDirectory first = DataDirectory.open(data, false)) {
      assertThatThrownBy(() -> DataDirectory.open(data, true))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("Another market-stream runs on " + first.path());
    }
    DataDirectory.open(data, false).close();
  }

  @Test
  void cleanEmptiesADataDirectoryAndFollowsNoLink() throws Exception {
    Path data = folder.resolve("data");
    DataDirectory.open(data, false).close();
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("kept"), "");
    Files.createDirectories(data.resolve("kafka/data"));
    Files.writeString(data.resolve("kafka/data/log"), "");
    Files.createSymbolicLink(data.resolve("link"), elsewhere);

    DataDirectory.open(data, true).close();

    assertThat(data).isDirectoryNotContaining(file -> !file.endsWith(DataDirectory.LOCK));
    assertThat(elsewhere.resolve("kept")).exists();
  }

  @Test
  void theLaunchersOwnLogMakesAFolderNoForeignOne() throws Exception {
    Path data = folder.resolve("data");
    Files.createDirectories(data.resolve("logs"));
    Files.writeString(data.resolve("logs/market-stream.log"), "");
    DataDirectory.open(data, false).close();

    Path other = folder.resolve("other");
    Files.createDirectories(other.resolve("logs"));
    Files.writeString(other.resolve("logs/precious.log"), "");
    assertThatThrownBy(() -> DataDirectory.open(other, true)).isInstanceOf(UserError.class);
    assertThat(other.resolve("logs/precious.log")).exists();
  }

  @Test
  void aRunThatWasKilledIsRemembered() throws Exception {
    try (DataDirectory data = DataDirectory.open(folder.resolve("data"), false)) {
      assertThat(data.wasCutShort()).isFalse();
      data.markRunning();
    }
    try (DataDirectory data = DataDirectory.open(folder.resolve("data"), false)) {
      assertThat(data.wasCutShort()).isTrue();
      data.markStopped();
      assertThat(data.wasCutShort()).isFalse();
    }
  }
}
