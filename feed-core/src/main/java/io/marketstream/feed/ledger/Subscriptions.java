package io.marketstream.feed.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of the current connection: when each was requested, whether the feed refused
 * it, and when to request it again. Most feeds do not confirm subscriptions. So a subscription
 * counts as accepted if the feed has not refused it within {@link #MIN_EFFECT_DELAY}. If the feed
 * answers subscriptions, an answer or the newest trade of the symbol must also confirm it.
 *
 * <p>Pure: the caller passes the time, in ns of any monotonic clock. Not thread-safe: guarded by
 * the lock of the {@link io.marketstream.feed.session.FeedSession} that owns it.
 */
public final class Subscriptions {

  /** A subscription counts as accepted at the earliest this long after its request. */
  public static final Duration MIN_EFFECT_DELAY = Duration.ofSeconds(1);

  /** A subscription without an answer for this long counts as refused. */
  public static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

  /** The wait before a refused subscription is repeated doubles up to this multiple. */
  public static final int MAX_RETRY_FACTOR = 15;

  private static final class State {
    private boolean requested;
    private long requestedAt;
    private long order;
    private boolean refused;
    private boolean confirmed;
    private boolean inferred;
    private boolean unanswered; // refused, because no answer came
    private Duration retry = Duration.ZERO;
  }

  private final Map<String, State> states = new LinkedHashMap<>();
  private final boolean implied;
  private final boolean answering;
  private final Duration firstRetry;
  private long requests;
  private long frames; // requests that were sent on this connection
  private long answers;
  private Duration effectDelay = MIN_EFFECT_DELAY;

  /**
   * @param symbols the symbols to subscribe to
   * @param implied whether opening the connection subscribes to all of them, without a frame
   * @param answering whether the feed answers subscribe frames
   * @param firstRetry the first wait before a refused subscription is repeated
   */
  public Subscriptions(
      List<String> symbols, boolean implied, boolean answering, Duration firstRetry) {
    this.implied = implied;
    this.answering = answering;
    this.firstRetry = firstRetry;
    symbols.forEach(symbol -> states.put(symbol, new State()));
  }

  /**
   * A connection has opened. No subscription has been requested on it yet.
   *
   * @param handshake how long the handshake took. If the feed is far away, a subscription also
   *     takes longer
   */
  public void opened(Duration handshake) {
    effectDelay = handshake.compareTo(MIN_EFFECT_DELAY) > 0 ? handshake : MIN_EFFECT_DELAY;
    states.replaceAll((symbol, state) -> new State());
    frames = 0;
    answers = 0;
  }

  /** A subscribe frame for these symbols has been sent. */
  public void requested(Collection<String> symbols, long now) {
    frames++;
    for (String symbol : symbols) {
      State state = states.get(symbol);
      if (state != null) {
        state.requested = true;
        state.requestedAt = now;
        state.order = ++requests;
        state.refused = false;
        state.confirmed = false;
        state.unanswered = false;
      }
    }
  }

  /**
   * The feed has answered a subscribe frame with everything that it is subscribed to by now.
   *
   * @return the requested symbols that the answer to the last frame leaves out although the feed
   *     has not refused them; empty while further answers are to come
   */
  public List<String> answered(Set<String> subscribed) {
    answers++;
    subscribed.forEach(this::confirmed);
    if (answers != frames) {
      return List.of();
    }
    return states.entrySet().stream()
        .filter(entry -> entry.getValue().requested && !entry.getValue().refused)
        .map(Map.Entry::getKey)
        .filter(symbol -> !subscribed.contains(symbol))
        .toList();
  }

  /** The feed has confirmed that it is subscribed to the symbol. */
  public void confirmed(String symbol) {
    State state = states.get(symbol);
    if (state != null) {
      state.confirmed = true;
      if (state.unanswered) { // the answer was late
        state.refused = false;
        state.unanswered = false;
      }
    }
  }

  /**
   * Refuses the subscriptions that the feed has neither confirmed nor refused within {@link
   * #ANSWER_TIMEOUT}. A feed may answer an error that names no symbol, or nothing at all.
   *
   * @param ticked whether a symbol has ticked on this connection, which proves its subscription
   * @return their symbols; always empty for a feed that does not answer
   */
  public List<String> refuseUnanswered(Predicate<String> ticked, long now) {
    List<String> unanswered = new ArrayList<>();
    if (!answering || implied) {
      return unanswered;
    }
    states.forEach(
        (symbol, state) -> {
          if (state.requested
              && !state.refused
              && !state.confirmed
              && now - state.requestedAt >= ANSWER_TIMEOUT.toNanos()
              && !ticked.test(symbol)) {
            refuse(symbol, false);
            state.unanswered = true;
            unanswered.add(symbol);
          }
        });
    return unanswered;
  }

  /**
   * Whether a subscription was requested long enough ago and has not been refused. If the feed
   * answers subscriptions, it must also have confirmed this one.
   */
  public boolean isEffective(String symbol, long now) {
    if (implied) {
      return true;
    }
    State state = states.get(symbol);
    return state != null
        && state.requested
        && !state.refused
        && (state.confirmed || !answering)
        && now - state.requestedAt >= effectDelay.toNanos();
  }

  /**
   * The feed has refused a symbol by name.
   *
   * @return whether it has not already refused it since the last request
   */
  public boolean refused(String symbol) {
    return refuse(symbol, false);
  }

  /**
   * The feed has refused a subscription without naming the symbol. This picks the last requested
   * symbol that has neither ticked nor been refused, so n refusals pick the last n symbols.
   *
   * @param ticked whether a symbol has ticked on this connection, which proves its subscription
   * @return the symbol; null if there is none
   */
  public @Nullable String refusedWithoutSymbol(Predicate<String> ticked) {
    String last = null;
    long order = 0;
    for (Map.Entry<String, State> entry : states.entrySet()) {
      State state = entry.getValue();
      if (state.requested
          && !state.refused
          && state.order > order
          && !ticked.test(entry.getKey())) {
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
    Duration max = firstRetry.multipliedBy(MAX_RETRY_FACTOR);
    Duration doubled = state.retry.isZero() ? firstRetry : state.retry.multipliedBy(2);
    state.retry = doubled.compareTo(max) > 0 ? max : doubled;
    return true;
  }

  /**
   * The symbol has ticked, so its subscription works.
   *
   * @return whether {@link #refusedWithoutSymbol} had picked it wrongly. The refusal was then for
   *     another symbol
   */
  public boolean ticked(String symbol) {
    State state = states.get(symbol);
    if (state == null) {
      return false;
    }
    boolean wronglyInferred = state.refused && state.inferred;
    state.refused = false;
    state.unanswered = false;
    state.retry = Duration.ZERO;
    return wronglyInferred;
  }

  /** Whether the feed has refused the symbol since the last request. */
  public boolean isRefused(String symbol) {
    State state = states.get(symbol);
    return state != null && state.refused;
  }

  /** How long to wait before the refused symbol is requested again. */
  public Duration retryAfter(String symbol) {
    State state = states.get(symbol);
    return Objects.requireNonNull(state, () -> symbol + " is not subscribed to").retry;
  }
}
