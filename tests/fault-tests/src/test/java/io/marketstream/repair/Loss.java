package io.marketstream.repair;

/** Something that makes trades missing in the live feed. */
sealed interface Loss {

  /**
   * The feed leaves out the next trades of a product while it goes on.
   *
   * @param trades how many
   */
  record InTheMiddle(String product, int trades) implements Loss {}

  /**
   * The feed leaves out the newest trades of a product, and none follows in this round. Only the
   * heartbeats name the newest one.
   *
   * @param trades how many
   */
  record AtTheEnd(String product, int trades) implements Loss {}

  /**
   * The feed leaves out trades, and the venue does not have some of their ids.
   *
   * @param before trades with lower ids that are left out
   * @param absent ids in a row that the venue does not have
   * @param after trades with higher ids that are left out
   */
  record OfAbsentIds(String product, int before, int absent, int after) implements Loss {}

  /** The connection ends, and the market goes on. */
  record OfConnection(Ending ending) implements Loss {}

  /**
   * Neither the feed nor the history can be reached.
   *
   * @param millis for so long
   */
  record OfServer(int millis) implements Loss {}

  /** An operator restarts the task. */
  record OfTask() implements Loss {}

  /** How a connection ends. */
  enum Ending {
    DROPPED,
    RESET,
    CLOSED
  }
}
