package io.marketstream.feed.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sessions and the sequence of each symbol within one. The numbers of a frame are provisional until
 * {@link #commit}, so that a frame that never reaches the buffer uses up none. Not thread-safe:
 * guarded by the lock of the {@link io.marketstream.feed.session.FeedSession} that owns it.
 */
public final class TickNumbering {

  /** More than any feed has; a counter each is kept for the session's life. */
  public static final int MAX_SYMBOLS = 20_000;

  private static final class Counter {
    private long next;
    private long committed;
    private long lastTickAt;
    private long lastTickNanos;
  }

  /**
   * When a symbol ticked last in this session.
   *
   * @param receivedAt epoch ms
   * @param nanos the same instant on the monotonic clock
   */
  public record LastTick(long receivedAt, long nanos) {}

  private final Map<String, Counter> counters = new HashMap<>();
  private final List<Counter> provisional = new ArrayList<>();
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
    counters.clear();
    provisional.clear();
    return session;
  }

  /** The current session, or the newest one from before; 0 for none. */
  public long session() {
    return session;
  }

  /** Whether the symbol may be numbered: a session counts {@value #MAX_SYMBOLS} symbols at most. */
  public boolean admits(String symbol) {
    return counters.size() < MAX_SYMBOLS || counters.containsKey(symbol);
  }

  /** The number of the symbol's next tick in this session, provisional until {@link #commit}. */
  public long number(String symbol) {
    Counter counter = counters.computeIfAbsent(symbol, s -> new Counter());
    if (counter.next == counter.committed) {
      provisional.add(counter);
    }
    return counter.next++;
  }

  /**
   * The ticks numbered since the last commit have reached the buffer: their numbers are used up.
   *
   * @param receivedAt epoch ms at which they were read
   * @param nanos the same instant on the monotonic clock
   * @return whether there were any
   */
  public boolean commit(long receivedAt, long nanos) {
    for (Counter counter : provisional) {
      counter.committed = counter.next;
      counter.lastTickAt = receivedAt;
      counter.lastTickNanos = nanos;
    }
    boolean any = !provisional.isEmpty();
    provisional.clear();
    return any;
  }

  /** The number that the first tick not yet in the buffer has, or will get. */
  public long peek(String symbol) {
    Counter counter = counters.get(symbol);
    return counter == null ? 0 : counter.committed;
  }

  /** When the symbol ticked last in this session; null if it has not. */
  public LastTick lastTick(String symbol) {
    Counter counter = counters.get(symbol);
    return counter == null || counter.committed == 0
        ? null
        : new LastTick(counter.lastTickAt, counter.lastTickNanos);
  }
}
