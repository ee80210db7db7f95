package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TradeNumber;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides which records of one symbol count towards its candles: each tick once, only those of the
 * sixteen newest sessions, and each trade id once. The session of repaired ticks is not among the
 * sixteen, because the ids of these ticks are enough. Not thread-safe.
 */
final class AcceptedTicks {
  /** How many sessions of a symbol the job remembers. */
  private static final int MAX_SESSIONS = 16;

  /** How many ranges of trade ids of a symbol the job remembers. */
  private static final int MAX_ID_RANGES = 256;

  private final AwaitedTrades awaited;
  private final TreeMap<Long, Long> lastSequences = new TreeMap<>();
  private final TreeMap<Long, Long> countedIds = new TreeMap<>(); // the last id by the first
  private long lastForgottenId = TradeNumber.NONE;
  private long newestEventTime = Long.MIN_VALUE;
  private int startsOver;

  /**
   * @param awaited the trades that are missing below those that were accepted
   */
  AcceptedTicks(AwaitedTrades awaited) {
    this.awaited = awaited;
  }

  /** Adds the next record in the order of the topic. Returns whether it counts. */
  boolean accept(Tick tick) {
    if (tick.isRepair() && tick.tradeNumber() != TradeNumber.NONE) {
      return acceptTrade(tick);
    }
    long session = tick.id().session();
    Long last = lastSequences.get(session);
    boolean isRepeated = last != null && tick.id().sequence() <= last;
    boolean isForgotten =
        last == null && lastSequences.size() == MAX_SESSIONS && session < lastSequences.firstKey();
    if (isRepeated || isForgotten) {
      return false;
    }
    lastSequences.put(session, tick.id().sequence());
    if (lastSequences.size() > MAX_SESSIONS) {
      lastSequences.pollFirstEntry();
    }
    return acceptTrade(tick);
  }

  /** Adds the next tick whose number is known to be new. Returns whether its trade counts. */
  boolean acceptTrade(Tick tick) {
    long number = tick.tradeNumber();
    if (isStartedOver(tick)) {
      countedIds.clear();
      lastForgottenId = TradeNumber.NONE;
      startsOver++;
    } else if (number != TradeNumber.NONE && isCounted(number)) {
      return false;
    }
    newestEventTime = Math.max(newestEventTime, tick.eventTime());
    if (number != TradeNumber.NONE) {
      count(number);
    }
    return true;
  }

  /**
   * Whether the venue has started its numbers over with a tick. The newest trade has the highest id
   * otherwise, unless it is one that is missing.
   */
  private boolean isStartedOver(Tick tick) {
    long number = tick.tradeNumber();
    return number != TradeNumber.NONE
        && !countedIds.isEmpty()
        && number <= countedIds.lastEntry().getValue()
        && tick.eventTime() > newestEventTime
        && !awaited.contains(number);
  }

  /** The id up to which trades do not count any more, or {@link TradeNumber#NONE}. */
  long lastForgottenId() {
    return lastForgottenId;
  }

  /** How often the venue has started its numbers over. */
  int startsOver() {
    return startsOver;
  }

  private boolean isCounted(long number) {
    Map.Entry<Long, Long> below = countedIds.floorEntry(number);
    return number <= lastForgottenId || (below != null && number <= below.getValue());
  }

  private void count(long number) {
    Map.Entry<Long, Long> below = countedIds.floorEntry(number);
    long first = below != null && below.getValue() == number - 1 ? below.getKey() : number;
    Map.Entry<Long, Long> above = countedIds.higherEntry(number);
    boolean isJoined = above != null && above.getKey() - 1 == number;
    countedIds.put(first, isJoined ? above.getValue() : number);
    if (isJoined) {
      countedIds.remove(above.getKey());
    }
    if (countedIds.size() > MAX_ID_RANGES) {
      lastForgottenId = countedIds.pollFirstEntry().getValue();
    }
  }
}
