package io.marketstream.simulator.coinbase;

/** What the heartbeats of a simulator say about the newest trade. */
public enum HeartbeatMode {
  /** Each names the newest trade, whose match was sent before. */
  NORMAL,

  /** {@code last_trade_id} is always 0, as in 2019 and 2020. */
  ZERO,

  /**
   * Each names a trade whose match follows it. The venue makes that trade, so there is one trade
   * more per heartbeat.
   */
  AHEAD,

  /** Each frame is sent twice. */
  REPEATED
}
