package io.marketstream.feed.ledger;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The venue's trade ids of each symbol. A venue numbers the trades of a symbol 1, 2, 3 …, so an id
 * that is left out shows a lost trade, even on a healthy connection.
 *
 * <p>If a venue starts its numbers over, every new trade would look like a repeated one. A trade
 * that is newer than the newest one although its id is not shows that this has happened.
 *
 * <p>Pure. Not thread-safe: guarded by the lock of the {@link
 * io.marketstream.feed.session.FeedSession} that owns it.
 */
public final class TradeIds {

  /** More holes than this are forgotten per symbol, the oldest first. Their gaps stay. */
  static final int MAX_HOLES = 1_000;

  /**
   * Consecutive ids.
   *
   * @param last at least {@code first}
   */
  public record Range(long first, long last) {}

  /**
   * The newest trade of a symbol.
   *
   * @param receivedAt epoch ms; the trade is not newer
   */
  public record Newest(long id, long receivedAt) {}

  /**
   * What an id says about the trades before it.
   *
   * @param isNew whether no trade with this id was received before
   * @param known whether an earlier id of the symbol is known. Otherwise nothing can be missing
   * @param hole the ids that are missing directly before this one; null if there are none
   * @param startedOver whether the venue has started its numbers over with this trade
   */
  public record Arrival(boolean isNew, boolean known, @Nullable Range hole, boolean startedOver) {
    static final Arrival FIRST = new Arrival(true, false, null, false);
    static final Arrival NEXT = new Arrival(true, true, null, false);
    static final Arrival REPEATED = new Arrival(false, true, null, false);
    static final Arrival STARTED_OVER = new Arrival(true, false, null, true);

    static Arrival after(Range hole) {
      return new Arrival(true, true, hole, false);
    }
  }

  private static final class Symbol {
    private long newest; // 0 for none
    private long claimed; // what the newest heartbeat of this connection says; 0 for nothing
    private final TreeMap<Long, Long> holes = new TreeMap<>(); // first id to last id
    private long newestTime; // the latest time of a trade, epoch ms
    private long forgottenUpTo; // the highest id of a hole that is not remembered; 0 for none

    private void moveTo(long id, long time) {
      newest = id;
      newestTime = time;
    }
  }

  private final Map<String, Symbol> symbols = new HashMap<>();

  /**
   * @param newest the newest trade of each symbol that previous runs have returned
   */
  public TradeIds(Map<String, Newest> newest) {
    newest.forEach((symbol, trade) -> symbol(symbol).moveTo(trade.id(), trade.receivedAt()));
  }

  private Symbol symbol(String name) {
    return symbols.computeIfAbsent(name, key -> new Symbol());
  }

  /**
   * A trade was received.
   *
   * @param time epoch ms by the venue's clock
   */
  public Arrival received(String name, long id, long time) {
    Symbol symbol = symbol(name);
    if (symbol.newest == 0) {
      symbol.moveTo(id, time);
      return Arrival.FIRST;
    }
    if (id <= symbol.newest) {
      if (fill(symbol, id)) {
        symbol.newestTime = Math.max(symbol.newestTime, time);
        return Arrival.NEXT;
      }
      if (id == symbol.newest || time <= symbol.newestTime) {
        return Arrival.REPEATED;
      }
      symbol.holes.clear();
      symbol.claimed = 0;
      symbol.forgottenUpTo = 0;
      symbol.moveTo(id, time);
      return Arrival.STARTED_OVER;
    }
    Range hole = id == symbol.newest + 1 ? null : new Range(symbol.newest + 1, id - 1);
    symbol.moveTo(id, Math.max(time, symbol.newestTime));
    if (hole == null) {
      return Arrival.NEXT;
    }
    open(symbol, hole);
    return Arrival.after(hole);
  }

  /** Whether the id is higher than every id that was received or is known to be lost. */
  public boolean isNewer(String name, long id) {
    return id > symbol(name).newest;
  }

  /** Whether any id of the symbol is known. */
  public boolean isKnown(String name) {
    return symbol(name).newest > 0;
  }

  /** Whether the id is the highest one that was received or is known to be lost. */
  public boolean isNewest(String name, long id) {
    return id == symbol(name).newest;
  }

  private static void open(Symbol symbol, Range hole) {
    symbol.holes.put(hole.first(), hole.last());
    if (symbol.holes.size() > MAX_HOLES) {
      symbol.forgottenUpTo =
          Math.max(symbol.forgottenUpTo, symbol.holes.pollFirstEntry().getValue());
    }
  }

  /** Removes the id from its hole; returns whether it was in one. */
  private static boolean fill(Symbol symbol, long id) {
    Map.Entry<Long, Long> hole = symbol.holes.floorEntry(id);
    if (hole == null || hole.getValue() < id) {
      return false;
    }
    symbol.holes.remove(hole.getKey());
    if (hole.getKey() < id) {
      symbol.holes.put(hole.getKey(), id - 1);
    }
    if (id < hole.getValue()) {
      symbol.holes.put(id + 1, hole.getValue());
    }
    return true;
  }

  /**
   * The venue says which trade is its newest one. The trade can still be on its way. So only a
   * trade that an earlier heartbeat of this connection has named counts as lost.
   *
   * @param id 0 if the venue does not say
   * @return the ids that are lost at the end; null if there are none
   */
  public @Nullable Range newestIs(String name, long id) {
    Symbol symbol = symbol(name);
    if (symbol.newest == 0) {
      return null; // the first trade of all is still to come
    }
    Range lost = lostTail(symbol);
    symbol.claimed = Math.max(symbol.claimed, id);
    return lost;
  }

  private static @Nullable Range lostTail(Symbol symbol) {
    if (symbol.claimed <= symbol.newest) {
      return null;
    }
    Range lost = new Range(symbol.newest + 1, symbol.claimed);
    symbol.newest = symbol.claimed;
    open(symbol, lost);
    return lost;
  }

  /**
   * The connection has ended, so what its heartbeats have named will not come any more.
   *
   * @param isCovered whether another gap of a symbol is open. Its next trade then names these ids
   * @return the ids that are lost at the end, by symbol
   */
  public Map<String, Range> connectionLost(Predicate<String> isCovered) {
    Map<String, Range> lost = new HashMap<>();
    symbols.forEach(
        (name, symbol) -> {
          Range tail = isCovered.test(name) ? null : lostTail(symbol);
          symbol.claimed = 0;
          if (tail != null) {
            lost.put(name, tail);
          }
        });
    return lost;
  }

  /**
   * The ids of the range that are still missing, from the first to the last; null for none. Ids of
   * a forgotten hole count as missing.
   */
  public @Nullable Range missing(String name, Range range) {
    TreeMap<Long, Long> holes = symbol(name).holes;
    long forgotten = symbol(name).forgottenUpTo;
    if (range.first() <= forgotten) {
      Map.Entry<Long, Long> last = holes.floorEntry(range.last());
      long known = last == null ? forgotten : Math.max(forgotten, last.getValue());
      return new Range(range.first(), Math.min(range.last(), known));
    }
    Map.Entry<Long, Long> before = holes.floorEntry(range.first());
    Long first =
        before != null && before.getValue() >= range.first()
            ? Long.valueOf(range.first())
            : holes.ceilingKey(range.first());
    Map.Entry<Long, Long> end = holes.floorEntry(range.last());
    if (first == null || first > range.last() || end == null) {
      return null;
    }
    return new Range(first, Math.min(range.last(), end.getValue()));
  }
}
