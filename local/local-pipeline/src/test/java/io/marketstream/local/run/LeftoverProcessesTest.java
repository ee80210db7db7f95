package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoverProcessesTest {
  @TempDir Path folder;

  @Test
  void processesInTheFolderAreAwaitedAndNamed() throws Exception {
    // A shell whose command line looks like that of a child process.
    String mark = "-Djava.io.tmpdir=" + folder + "/kafka/tmp";
    Process process = new ProcessBuilder("/bin/sh", "-c", "sleep 60; :", mark).start();
    try {
      assertThatThrownBy(
              () ->
                  LeftoverProcesses.awaitGone(folder, Duration.ofMillis(300), new ShutdownSignal()))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining(Long.toString(process.pid()));

      assertThatCode(
              () ->
                  LeftoverProcesses.awaitGone(
                      folder.resolve("other"), Duration.ofSeconds(1), new ShutdownSignal()))
          .doesNotThrowAnyException();
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      assertThatCode(
              () ->
                  LeftoverProcesses.awaitGone(folder, Duration.ofSeconds(10), new ShutdownSignal()))
          .doesNotThrowAnyException();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
