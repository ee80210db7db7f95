package io.marketstream.simulator;

/** What Finnhub does when a key opens a second connection; which of these is not documented. */
public enum SecondConnection {
  /** The older one is dropped without a close frame, the new one lives. */
  DROP_OLDER,
  /** Both are dropped without a close frame. */
  DROP_BOTH,
  /** The new one is refused with 429 while the older one lives. */
  REFUSE_WITH_429
}
