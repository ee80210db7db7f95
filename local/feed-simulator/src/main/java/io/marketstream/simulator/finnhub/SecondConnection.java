package io.marketstream.simulator.finnhub;

/** What Finnhub does at a second connection of one key. The real behaviour is not documented. */
public enum SecondConnection {
  /** The older connection is dropped without a close frame, the new one continues. */
  DROP_OLDER,
  /** Both are dropped without a close frame. */
  DROP_BOTH,
  /** The new connection is refused with 429 while the older one is open. */
  REFUSE_WITH_429
}
