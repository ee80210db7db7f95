package io.marketstream.feed.repair;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * How gaps are repaired.
 *
 * @param history creates the client for the venue's history; called once, on the task thread
 * @param maxTrades the most trades that are fetched for one gap
 * @param requestInterval the shortest time between two requests
 * @param absentAfter how long the venue must go on without a trade, or with an unusable row of it,
 *     although it shows newer ones, before the trade counts as absent
 */
public record RepairSettings(
    Supplier<TradeHistory> history,
    long maxTrades,
    Duration requestInterval,
    Duration absentAfter) {

  /**
   * A venue shows its trades after a second or so. A trade that it does not show for this long
   * while it shows newer ones will not come.
   */
  public static final Duration ABSENT_AFTER = Duration.ofSeconds(10);
}
