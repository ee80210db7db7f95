package io.marketstream.pipeline.faults;

import java.util.List;

/**
 * What a season came to.
 *
 * @param kind what it ran on
 * @param seed of the run it belongs to
 * @param ticksPerSecond at which the feeds were set to run together
 * @param feedSeconds from the first row that was read to the pause of the feeds
 * @param auditSeconds from the pause of the feeds to the end of the audit
 * @param account all zero if the season did not come to its audit
 * @param failure what went wrong; null if nothing did
 */
record SeasonResult(
    String kind,
    long seed,
    int ticksPerSecond,
    long feedSeconds,
    long auditSeconds,
    List<Round> rounds,
    Account account,
    String failure) {
  SeasonResult {
    rounds = List.copyOf(rounds);
  }

  /** Whether it came so far; nothing is known of its ticks otherwise. */
  boolean isAudited() {
    return !account.equals(Account.NONE);
  }

  /** Without a candle checked nothing is known of them. */
  boolean isGreen() {
    return failure == null && isAudited() && account.isBalanced() && account.candlesChecked() > 0;
  }
}
