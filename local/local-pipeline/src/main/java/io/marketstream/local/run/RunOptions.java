package io.marketstream.local.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code up} was asked for.
 *
 * @param root the repository's root
 * @param dataDir the data directory
 * @param clean empty it first
 * @param duration from the first tick read back; empty for until Ctrl-C
 * @param report where the report goes; empty for none
 * @param screenshot where a picture of the last table goes; empty for none
 * @param rate ticks/s of the simulated feeds together
 * @param startTimeout how long each component may take to start
 * @param feeds which feeds are live
 * @param ports where the servers listen
 * @param environment where the live keys are
 */
public record RunOptions(
    Path root,
    Path dataDir,
    boolean clean,
    Optional<Duration> duration,
    Optional<Path> report,
    Optional<Path> screenshot,
    int rate,
    Duration startTimeout,
    FeedPlan feeds,
    LocalPorts ports,
    Map<String, String> environment) {

  /** Ticks/s when none are asked for. */
  public static final int DEFAULT_RATE = 60;

  public RunOptions {
    environment = Map.copyOf(environment);
  }
}
