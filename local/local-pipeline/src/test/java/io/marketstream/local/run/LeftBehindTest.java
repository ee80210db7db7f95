package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftBehindTest {
  @TempDir Path folder;

  @Test
  void whatWorksInTheFolderIsWaitedForAndNamed() throws Exception {
    // A shell that has the words of a child of ours on its command line.
    String mark = "-Djava.io.tmpdir=" + folder + "/kafka/tmp";
    Process process = new ProcessBuilder("/bin/sh", "-c", "sleep 60; :", mark).start();
    try {
      assertThatThrownBy(
              () -> LeftBehind.awaitGone(folder, Duration.ofMillis(300), new StopRequest()))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(Long.toString(process.pid()));

      assertThatCode(
              () ->
                  LeftBehind.awaitGone(
                      folder.resolve("other"), Duration.ofSeconds(1), new StopRequest()))
          .doesNotThrowAnyException();
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      assertThatCode(() -> LeftBehind.awaitGone(folder, Duration.ofSeconds(10), new StopRequest()))
          .doesNotThrowAnyException();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
