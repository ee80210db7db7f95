package io.marketstream.simulator.server;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which subscriptions of Finnhub's simulator are accepted, how a symbol is spelled, and how
 * long a subscription takes. Thread-safe.
 */
public final class SubscriptionRules {

  /** The answer to one subscription. */
  public enum Decision {
    ACCEPTED,

    /** Answered with "Invalid symbol …", which names the symbol. */
    INVALID,

    /** Answered with "Subscribing to too many symbols", which names none. */
    TOO_MANY
  }

  private static final long FOREVER = Long.MAX_VALUE;

  private final Map<String, String> spellings = new HashMap<>();
  private Set<String> invalid = Set.of();

  /** By symbol: for how many nanoseconds of {@code System.nanoTime()} since {@link #start}. */
  private final Map<String, Long> refusedUntil = new HashMap<>();

  private final long start = System.nanoTime();
  private int refusalsWithoutName;
  private int limit;
  private Duration delay = Duration.ZERO;

  public SubscriptionRules(int limit) {
    this.limit = limit;
  }

  /**
   * The symbol as the feed spells it: as one of {@link #setSpellings} where it differs in case
   * only, otherwise in upper case.
   */
  public synchronized String spelled(String symbol) {
    String upper = symbol.toUpperCase(Locale.ROOT);
    return spellings.getOrDefault(upper, upper);
  }

  /** Symbols that the feed does not spell in upper case throughout, like {@code GEMINI:btcusd}. */
  public synchronized void setSpellings(Set<String> symbols) {
    spellings.clear();
    symbols.forEach(symbol -> spellings.put(symbol.toUpperCase(Locale.ROOT), symbol));
  }

  /** The symbols that are invalid until this is called again. */
  public synchronized void setInvalid(Set<String> symbols) {
    invalid = Set.copyOf(symbols);
  }

  /** Makes these symbols invalid for a time. */
  public synchronized void refuse(Set<String> symbols, @Nullable Duration duration) {
    long until = duration == null ? FOREVER : System.nanoTime() - start + duration.toNanos();
    symbols.forEach(symbol -> refusedUntil.put(spelled(symbol), until));
  }

  /** Refuses the next {@code times} subscriptions of other symbols without naming one. */
  synchronized void refuseWithoutName(int times) {
    refusalsWithoutName = times;
  }

  /** Sets how many symbols one connection may subscribe to. Existing subscriptions stay. */
  synchronized void setLimit(int newLimit) {
    limit = newLimit;
  }

  public synchronized int limit() {
    return limit;
  }

  /** How long a subscription or its refusal takes from now on. */
  public synchronized void setDelay(Duration newDelay) {
    delay = newDelay;
  }

  public synchronized Duration delay() {
    return delay;
  }

  /** Ends {@link #refuse}, {@link #refuseWithoutName} and {@link #setDelay}. */
  synchronized void acceptAll() {
    refusedUntil.clear();
    refusalsWithoutName = 0;
    delay = Duration.ZERO;
  }

  /**
   * Decides on one subscription. The limit of symbols is checked elsewhere.
   *
   * @param spelled the symbol as {@link #spelled} returns it
   * @param subscribed the symbols that the connection has subscribed to
   */
  public synchronized Decision decide(String spelled, Set<String> subscribed) {
    Long until = refusedUntil.get(spelled);
    if (invalid.contains(spelled) || (until != null && System.nanoTime() - start < until)) {
      return Decision.INVALID;
    }
    if (refusalsWithoutName > 0 && !subscribed.contains(spelled)) {
      refusalsWithoutName--;
      return Decision.TOO_MANY;
    }
    return Decision.ACCEPTED;
  }
}
