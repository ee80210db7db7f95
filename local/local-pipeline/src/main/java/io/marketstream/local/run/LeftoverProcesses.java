package io.marketstream.local.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Waits for the processes of a run whose launcher was killed. They end, but not at once. */
final class LeftoverProcesses {
  /** The processes of a killed launcher have ended after this time. */
  static final Duration TIMEOUT = Duration.ofSeconds(20);

  private LeftoverProcesses() {}

  /**
   * Waits until no process uses the folder.
   *
   * @throws UsageException naming the processes that are still there after the timeout
   */
  static void awaitGone(Path dataDir, Duration timeout, ShutdownSignal shutdown) {
    long end = System.nanoTime() + timeout.toNanos();
    List<Long> alive = processesOf(dataDir);
    while (!alive.isEmpty() && System.nanoTime() < end && !shutdown.await(Duration.ofMillis(250))) {
      alive = processesOf(dataDir);
    }
    if (!alive.isEmpty()) {
      throw new UsageException(
          "Processes of an earlier run still use "
              + dataDir
              + ": "
              + alive
              + ". End them (kill -9), then start again");
    }
  }

  /** Each child process names its temporary folder near the start of its command line. */
  private static List<Long> processesOf(Path dataDir) {
    String mark = "-Djava.io.tmpdir=" + dataDir + "/";
    return ProcessHandle.allProcesses()
        .filter(
            process -> process.info().commandLine().filter(line -> line.contains(mark)).isPresent())
        .map(ProcessHandle::pid)
        .toList();
  }
}
