package io.marketstream.local.run;

import java.io.IOException;

/**
 * Locks and prepares the data directory for a run. Nothing may be logged here: the log is a file in
 * this folder, which may be refused or emptied.
 */
public final class RunFolder {
  private RunFolder() {}

  /**
   * Locks the folder, waits for the processes of a killed run, and prepares the folder.
   *
   * @throws UsageException if the folder cannot be used or a port is taken
   */
  public static DataDirectory take(RunOptions options, ShutdownSignal shutdown) {
    DataDirectory data = DataDirectory.open(options.dataDir());
    try {
      if (data.wasCutShort()) {
        LeftoverProcesses.awaitGone(data.path(), LeftoverProcesses.TIMEOUT, shutdown);
      }
      options.ports().requireFree(data.wasCutShort(), shutdown);
      data.prepare(options.clean(), options.realTime());
      return data;
    } catch (IOException e) {
      data.close();
      throw new UsageException(
          "Cannot write the data directory " + options.dataDir() + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      data.close();
      throw e;
    }
  }
}
