package io.marketstream.feed.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Assigns the session of a connection and the sequence of each tick. The numbers of a frame are
 * provisional until {@link #commit}, so a frame that never reaches the buffer uses up no numbers.
 * Not thread-safe: guarded by the lock of the {@link io.marketstream.feed.session.FeedSession} that
 * owns it.
 */
public final class TickNumbering {

  /** More symbols than any feed has. The limit bounds the memory for their counters. */
  public static final int MAX_SYMBOLS = 20_000;

  private static final class Counter {
    private long next;
    private long committed;
    private long lastTickAt;
    private long lastTickNanos;
  }

  /**
   * When a symbol last ticked in this session.
   *
   * @param receivedAt epoch ms
   * @param nanos the same instant on the monotonic clock
   */
  public record LastTick(long receivedAt, long nanos) {}

  private final Map<String, Counter> counters = new HashMap<>();
  private final List<Counter> provisional = new ArrayList<>();
  private long session;

  /**
   * @param lastSession the newest session of previous runs; 0 for none
   */
  public TickNumbering(long lastSession) {
    this.session = lastSession;
  }

  /**
   * Starts a session, in which every symbol starts at 0.
   *
   * @param openedAt epoch ms
   * @return the session: {@code openedAt}, or more if the clock has stepped back
   */
  public long openSession(long openedAt) {
    session = Math.max(openedAt, session + 1);
    counters.clear();
    provisional.clear();
    return session;
  }

  /** The current session, or the newest one of previous runs; 0 for none. */
  public long session() {
    return session;
  }

  /** Whether the symbol may be numbered: a session has at most {@value #MAX_SYMBOLS} symbols. */
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
   * Makes the numbers final that were assigned since the last commit: the ticks are in the buffer.
   *
   * @param receivedAt epoch ms at which they were read
   * @param nanos the same instant on the monotonic clock
   * @return whether any numbers were assigned
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

  /** The number of the symbol's first tick that is not in the buffer yet. */
  public long peek(String symbol) {
    Counter counter = counters.get(symbol);
    return counter == null ? 0 : counter.committed;
  }

  /** When the symbol last ticked in this session; null if it has not. */
  public @Nullable LastTick lastTick(String symbol) {
    Counter counter = counters.get(symbol);
    return counter == null || counter.committed == 0
        ? null
        : new LastTick(counter.lastTickAt, counter.lastTickNanos);
  }
}
