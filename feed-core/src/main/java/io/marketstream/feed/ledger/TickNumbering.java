package io.marketstream.feed.ledger;

import java.util.HashMap;
import java.util.Map;

/**
 * Sessions and the sequence of each symbol within one. Not thread-safe: guarded by the lock of the
 * {@link io.marketstream.feed.session.FeedSession} that owns it.
 */
public final class TickNumbering {

  /** More than any feed has; a counter each is kept for the session's life. */
  public static final int MAX_SYMBOLS = 20_000;

  private final Map<String, long[]> next = new HashMap<>();
  private long session;

  /**
   * @param lastSession the newest session known from before; 0 for none
   */
  public TickNumbering(long lastSession) {
    this.session = lastSession;
  }

  /**
   * Begins a session: every symbol starts at 0.
   *
   * @param openedAt epoch ms
   * @return the session: openedAt, or more where the clock has stepped back
   */
  public long openSession(long openedAt) {
    session = Math.max(openedAt, session + 1);
    next.clear();
    return session;
  }

  /** The current session, or the newest one from before; 0 for none. */
  public long session() {
    return session;
  }

  /** Whether the symbol may be numbered: a session counts {@value #MAX_SYMBOLS} symbols at most. */
  public boolean admits(String symbol) {
    return next.size() < MAX_SYMBOLS || next.containsKey(symbol);
  }

  /** The number of the symbol's next tick in this session. Uses it up. */
  public long number(String symbol) {
    return next.computeIfAbsent(symbol, s -> new long[1])[0]++;
  }

  /** The number that the symbol's next tick in this session will get. */
  public long peek(String symbol) {
    long[] counter = next.get(symbol);
    return counter == null ? 0 : counter[0];
  }
}
