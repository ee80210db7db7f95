package io.marketstream.local.run;

import java.io.IOException;

/**
 * Gets the data directory ready for a run. This class and all that it calls write no log: the log
 * is one of the files in the folder, which may be refused or still have to be emptied.
 */
public final class RunFolder {
  private RunFolder() {}

  /**
   * Takes the folder, waits for what a killed run left behind, then makes the folder ready.
   *
   * @throws UsageException when the folder or a port cannot be had
   */
  public static DataDirectory take(RunOptions options, ShutdownSignal shutdown) {
    DataDirectory data = DataDirectory.open(options.dataDir());
    try {
      if (data.wasCutShort()) {
        LeftoverProcesses.awaitGone(data.path(), LeftoverProcesses.TIMEOUT, shutdown);
      }
      options.ports().requireFree(data.wasCutShort(), shutdown);
      data.prepare(options.clean());
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
