package io.marketstream.local.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The options of {@code up}, checked.
 *
 * @param root the repository's root, or the folder of an unpacked release
 * @param dataDir the data directory
 * @param clean whether to empty it first
 * @param realTime whether the job stores in the real-time mode of Spark
 * @param duration how long to run from the first tick that is read back; empty for no limit
 * @param report the file for the report; empty for none
 * @param screenshot the file for a picture of the last table; empty for none
 * @param rate ticks/s of the simulated feeds together
 * @param startTimeout how long each component may take to start
 * @param feeds which feeds are live
 * @param ports the ports of the servers
 * @param environment the environment variables, which may have the live keys
 */
public record RunOptions(
    Path root,
    Path dataDir,
    boolean clean,
    boolean realTime,
    Optional<Duration> duration,
    Optional<Path> report,
    Optional<Path> screenshot,
    int rate,
    Duration startTimeout,
    FeedPlan feeds,
    LocalPorts ports,
    Map<String, String> environment) {

  /** The default rate, in ticks per second. */
  public static final int DEFAULT_RATE = 60;

  public RunOptions {
    environment = Map.copyOf(environment);
  }
}
