package io.marketstream.feed.ledger;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How the subscription of each symbol stands on the current connection: when it was asked for,
 * whether the feed refused it, and when to ask again. The feeds confirm no subscription, so silence
 * is taken for consent after {@link #SHORTEST_EFFECT}.
 *
 * <p>Pure: it is told the time, in ns of any monotonic clock. Not thread-safe: guarded by the lock
 * of the {@link io.marketstream.feed.session.FeedSession} that owns it.
 */
public final class Subscriptions {

  /** A subscription counts as accepted no earlier than this after it was asked for. */
  public static final Duration SHORTEST_EFFECT = Duration.ofSeconds(1);

  /** The wait before a refused subscription is asked for again doubles up to this many times. */
  public static final int LONGEST_RETRY_FACTOR = 15;

  private static final class State {
    private boolean asked;
    private long askedAt;
    private long order;
    private boolean refused;
    private boolean inferred;
    private Duration retry = Duration.ZERO;
  }

  private final Map<String, State> states = new LinkedHashMap<>();
  private final boolean implied;
  private final Duration firstRetry;
  private long asks;
  private Duration effect = SHORTEST_EFFECT;

  /**
   * @param symbols those to subscribe to
   * @param implied whether opening the connection subscribes to all of them, without a frame
   * @param firstRetry the wait before a refused subscription is asked for again for the first time
   */
  public Subscriptions(List<String> symbols, boolean implied, Duration firstRetry) {
    this.implied = implied;
    this.firstRetry = firstRetry;
    symbols.forEach(symbol -> states.put(symbol, new State()));
  }

  /**
   * A connection opened: nothing has been asked for on it yet.
   *
   * @param handshake how long the connection took to open: a feed that is far away also takes
   *     longer to subscribe
   */
  public void opened(Duration handshake) {
    effect = handshake.compareTo(SHORTEST_EFFECT) > 0 ? handshake : SHORTEST_EFFECT;
    states.replaceAll((symbol, state) -> new State());
  }

  /** The subscription of these symbols was sent. */
  public void asked(Collection<String> symbols, long now) {
    for (String symbol : symbols) {
      State state = states.get(symbol);
      if (state != null) {
        state.asked = true;
        state.askedAt = now;
        state.order = ++asks;
        state.refused = false;
      }
    }
  }

  /** Whether a subscription has been asked for, not refused, and has had time to take effect. */
  public boolean tookEffect(String symbol, long now) {
    if (implied) {
      return true;
    }
    State state = states.get(symbol);
    return state != null
        && state.asked
        && !state.refused
        && now - state.askedAt >= effect.toNanos();
  }

  /**
   * The feed refused the symbol by name.
   *
   * @return whether that is news: it was not refused since it was last asked for
   */
  public boolean refused(String symbol) {
    return refuse(symbol, false);
  }

  /**
   * The feed refused a subscription without naming it: of those asked for, the last one that has
   * neither ticked nor been refused. n such refusals so name the last n.
   *
   * @param ticked whether a symbol has ticked on this connection, which proves it subscribed
   * @return the symbol; null if there is none
   */
  public String refusedWithoutName(Predicate<String> ticked) {
    String last = null;
    long order = 0;
    for (Map.Entry<String, State> entry : states.entrySet()) {
      State state = entry.getValue();
      if (state.asked && !state.refused && state.order > order && !ticked.test(entry.getKey())) {
        last = entry.getKey();
        order = state.order;
      }
    }
    if (last != null) {
      refuse(last, true);
    }
    return last;
  }

  private boolean refuse(String symbol, boolean inferred) {
    State state = states.get(symbol);
    if (state == null || state.refused) {
      return false;
    }
    state.refused = true;
    state.inferred = inferred;
    Duration longest = firstRetry.multipliedBy(LONGEST_RETRY_FACTOR);
    Duration doubled = state.retry.isZero() ? firstRetry : state.retry.multipliedBy(2);
    state.retry = doubled.compareTo(longest) > 0 ? longest : doubled;
    return true;
  }

  /**
   * The symbol ticked: it is subscribed to.
   *
   * @return whether it had been taken for the one that a refusal without a name meant, wrongly: the
   *     refusal then meant another
   */
  public boolean ticked(String symbol) {
    State state = states.get(symbol);
    if (state == null) {
      return false;
    }
    boolean wronglyInferred = state.refused && state.inferred;
    state.refused = false;
    state.retry = Duration.ZERO;
    return wronglyInferred;
  }

  /** Whether the symbol is refused and has not been asked for again. */
  public boolean isRefused(String symbol) {
    State state = states.get(symbol);
    return state != null && state.refused;
  }

  /** How long to wait before the refused symbol is asked for again. */
  public Duration retryAfter(String symbol) {
    return states.get(symbol).retry;
  }
}
