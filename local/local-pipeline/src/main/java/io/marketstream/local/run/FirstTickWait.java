package io.marketstream.local.run;

import io.marketstream.embedded.process.ComponentException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The wait for the first tick of a run. It has a limit, because every {@link FeedPlan} has a feed
 * that trades at any time: a simulated one, or Coinbase. Used by one thread.
 */
final class FirstTickWait {
  static final Duration TIMEOUT = Duration.ofMinutes(3);
  static final Duration NOTICE_AFTER = Duration.ofSeconds(20);

  private final Instant begin;
  private boolean isNoticed;

  /**
   * Begins to wait.
   *
   * @param begin when every component and connector ran
   */
  FirstTickWait(Instant begin) {
    this.begin = begin;
  }

  /** Returns a line for the person at the terminal, once and not at the beginning. */
  Optional<String> notice(Instant now) {
    if (isNoticed || now.isBefore(begin.plus(NOTICE_AFTER))) {
      return Optional.empty();
    }
    isNoticed = true;
    return Optional.of(
        "no tick in Cassandra yet; the run fails if none comes within "
            + TIMEOUT.toSeconds()
            + " s (./market-stream status shows more)");
  }

  /** Returns whether the run has failed. */
  boolean isOver(Instant now) {
    return now.isAfter(begin.plus(TIMEOUT));
  }

  /**
   * Returns the failure if the connectors have published no tick.
   *
   * @param connectLog the log of the Connect worker
   * @param runStart older lines of the log belong to an earlier run
   */
  static ComponentException nothingReceived(FeedPlan feeds, Path connectLog, Instant runStart) {
    Optional<String> warning =
        ConnectorWarnings.last(
            connectLog, feeds.active().stream().map(Feed::connector).toList(), runStart);
    return new ComponentException(
        "no tick came in "
            + TIMEOUT.toSeconds()
            + " s ("
            + feeds.toDisplayString()
            + "), "
            + warning
                .map(line -> "and a connector warns: " + line)
                .orElse("and no connector has logged a warning"),
        connectLog);
  }
}
