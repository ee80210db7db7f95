package io.marketstream.faults;

import java.util.List;

/**
 * What a season came to.
 *
 * @param kind what it ran on
 * @param seed of the run it belongs to
 * @param planned how many rounds it was to have
 * @param ticksPerSecond at which the feeds were set to run together
 * @param feedSeconds from the first row that was read to the pause of the feeds
 * @param auditSeconds from the pause of the feeds to the end of the audit
 * @param account all zero if the season did not come to its audit
 * @param failure what went wrong; null if nothing did
 * @param skipped why a season of this kind cannot be had on this machine; null if it can
 */
record SeasonResult(
    String kind,
    long seed,
    int planned,
    int ticksPerSecond,
    long feedSeconds,
    long auditSeconds,
    List<Round> rounds,
    Account account,
    String failure,
    String skipped) {
  SeasonResult {
    rounds = List.copyOf(rounds);
  }

  static SeasonResult skipped(SeasonKind kind, long seed, int planned, String why) {
    return new SeasonResult(
        kind.name(),
        seed,
        planned,
        kind.rates().together(),
        0,
        0,
        List.of(),
        Account.NONE,
        null,
        why);
  }

  boolean isSkipped() {
    return skipped != null;
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
