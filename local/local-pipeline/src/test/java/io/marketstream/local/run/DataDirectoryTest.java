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
    try (DataDirectory first = DataDirectory.open(data)) {
      assertThatThrownBy(() -> DataDirectory.open(data))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("Another market-stream runs on " + first.path());
    }
    DataDirectory.open(data).close();
  }

  @Test
  void cleanEmptiesADataDirectoryAndFollowsNoLink() throws Exception {
    Path data = folder.resolve("data");
    DataDirectory.open(data).close();
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("kept"), "");
    Files.createDirectories(data.resolve("kafka/data"));
    Files.writeString(data.resolve("kafka/data/log"), "");
    Files.createSymbolicLink(data.resolve("link"), elsewhere);

    prepare(data, true);

    assertThat(data)
        .isDirectoryNotContaining(
            file ->
                !file.endsWith(DataDirectory.LOCK) && !file.endsWith(DataDirectory.VERSION_FILE));
    assertThat(elsewhere.resolve("kept")).exists();
  }

  @Test
  void aFolderOfOtherFilesIsRefusedAndNothingIsWrittenThere() throws Exception {
    Path other = folder.resolve("other");
    Files.createDirectories(other.resolve("logs"));
    Files.writeString(other.resolve("logs/precious.log"), "");

    assertThatThrownBy(() -> DataDirectory.open(other)).isInstanceOf(UsageException.class);

    assertThat(other).isDirectoryContaining(file -> file.endsWith("logs"));
    assertThat(other.resolve(DataDirectory.LOCK)).doesNotExist();
  }

  @Test
  void aRunThatWasKilledIsRememberedAlsoWhenTheFolderIsEmptied() throws Exception {
    try (DataDirectory data = DataDirectory.open(folder.resolve("data"))) {
      assertThat(data.wasCutShort()).isFalse();
      data.markRunning(new LocalPorts(1, 2, 3));
      assertThat(folder.resolve("data/running"))
          .content()
          .isEqualTo(
              "pid=" + ProcessHandle.current().pid() + "\nkafka=1\nconnect=2\ncassandra=3\n");
    }
    try (DataDirectory data = DataDirectory.open(folder.resolve("data"))) {
      data.prepare(true, false);
      assertThat(data.wasCutShort()).isTrue();
      data.markStopped();
    }
    try (DataDirectory data = DataDirectory.open(folder.resolve("data"))) {
      assertThat(data.wasCutShort()).isFalse();
    }
  }

  @Test
  void dataOfAnEarlierReleaseIsRefusedUnlessItIsToBeEmptied() throws Exception {
    Path data = folder.resolve("data");
    DataDirectory.open(data).close();
    Files.createDirectories(data.resolve("checkpoint")); // 0.1.0 wrote no version

    assertThatThrownBy(() -> prepare(data, false))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("an earlier release")
        .hasMessageContaining("--clean");
    assertThat(data.resolve("checkpoint")).exists();

    prepare(data, true);
    prepare(data, false);

    Files.writeString(data.resolve(DataDirectory.VERSION_FILE), "99");
    assertThatThrownBy(() -> prepare(data, false)).hasMessageContaining("a later release");
    Files.writeString(data.resolve(DataDirectory.VERSION_FILE), ""); // left by a full disk
    prepare(data, false);
  }

  @Test
  void aDataDirectoryBehindALinkIsNamedByWhereItIs() throws Exception {
    Path real = Files.createDirectories(folder.resolve("real")).toRealPath();
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    try (DataDirectory data = DataDirectory.open(link)) {
      assertThat(data.path()).isEqualTo(real);
    }
    try (DataDirectory data = DataDirectory.open(link.resolve("below"))) {
      assertThat(data.path()).isEqualTo(real.resolve("below"));
    }
  }

  @Test
  void theCheckpointOfTheOtherModeIsRefusedUnlessItIsToBeEmptied() throws Exception {
    Path data = folder.resolve("data");
    prepare(data, false, true);
    prepare(data, false, false); // the job did not start, so there is nothing to continue
    Files.createDirectories(data.resolve("checkpoint"));

    assertThatThrownBy(() -> prepare(data, false, true))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            data.toRealPath()
                + " holds data of a run without --real-time. Leave --real-time out to continue,"
                + " --clean to empty it, or choose another folder with --data-dir");
    prepare(data, false, false);
    prepare(data, true, true);
    Files.createDirectories(data.resolve("checkpoint"));

    assertThatThrownBy(() -> prepare(data, false, false))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("holds data of a run with --real-time. Add --real-time to continue,");
    prepare(data, false, true);
    prepare(data, true, false);
    assertThat(data.resolve("real-time")).doesNotExist();
  }

  private static void prepare(Path data, boolean clean) throws Exception {
    prepare(data, clean, false);
  }

  private static void prepare(Path data, boolean clean, boolean realTime) throws Exception {
    try (DataDirectory directory = DataDirectory.open(data)) {
      directory.prepare(clean, realTime);
    }
  }
}
