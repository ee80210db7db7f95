package io.marketstream.feed.session;

import io.marketstream.feed.ledger.GapLedger;
import io.marketstream.feed.ledger.TickNumbering;
import io.marketstream.feed.ledger.TradeIds;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.record.FeedGap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares the trade ids of a frame with those before it: it leaves out trades that were received
 * before, and opens and closes the gaps of holes. Feeds without trade ids pass unchanged. Not
 * thread-safe: guarded by the session's lock.
 */
final class TradeIdCheck {

  private final TradeIds ids;
  private final GapLedger ledger;
  private final TickNumbering numbering;
  private final FeedMetrics metrics;

  /** Symbols of which the venue does not name the newest trade on this connection. */
  private final Set<String> unnamed = new HashSet<>();

  TradeIdCheck(TradeIds ids, GapLedger ledger, TickNumbering numbering, FeedMetrics metrics) {
    this.ids = ids;
    this.ledger = ledger;
    this.numbering = numbering;
    this.metrics = metrics;
  }

  /**
   * What the ids of a frame say.
   *
   * @param events the events without the trades that were received before
   * @param closing the gaps of the argument, with what the ids say about them
   * @param opened gaps that begin before the ticks of the frame
   * @param closed gaps of holes that the frame ends
   */
  record Checked(
      List<FeedEvent> events, List<FeedGap> closing, List<FeedGap> opened, List<FeedGap> closed) {}

  /**
   * Checks a frame.
   *
   * @param closing the records of the gaps that the frame ends
   */
  Checked check(List<FeedEvent> events, List<FeedGap> closing, long receivedAt) {
    if (!hasIds(events)) {
      return new Checked(events, closing, List.of(), List.of());
    }
    List<FeedEvent> fresh = new ArrayList<>(events.size());
    Map<String, FeedGap> ending = new HashMap<>();
    closing.forEach(gap -> ending.put(gap.symbol(), gap));
    Set<String> arrived = new HashSet<>();
    Set<String> named = new HashSet<>();
    Map<String, Integer> ticks = new HashMap<>();
    List<FeedGap> opened = new ArrayList<>();
    List<FeedGap> closed = new ArrayList<>();
    for (FeedEvent event : events) {
      if (event instanceof FeedEvent.Tick tick && tick.trade() != null) {
        boolean isNewer = ids.isNewer(tick.symbol(), tick.trade().id());
        TradeIds.Arrival arrival = ids.received(tick.symbol(), tick.trade().id(), tick.eventTime());
        FeedGap gap = ending.get(tick.symbol());
        if (gap != null) {
          ending.put(tick.symbol(), withIds(gap, arrival, arrived.add(tick.symbol()), receivedAt));
        } else if (arrival.startedOver()) {
          closed.add(startedOver(tick.symbol(), ticks, receivedAt));
        } else if (arrival.hole() != null) {
          FeedGap hole =
              ledger.hole(tick.symbol(), arrival.hole(), nextSequence(tick.symbol(), ticks));
          if (hole != null) {
            opened.add(hole);
            metrics.hole();
          }
        }
        if (!arrival.isNew()) {
          metrics.repeatedTrade();
          continue;
        }
        if (isNewer || arrival.startedOver()) {
          ledger.newest(tick.symbol(), receivedAt);
        }
        ticks.merge(tick.symbol(), 1, Integer::sum);
      } else if (event instanceof FeedEvent.NewestTrade newest) {
        if (!ending.containsKey(newest.symbol()) && named.add(newest.symbol())) {
          closed.addAll(newest(newest, receivedAt));
        }
      }
      fresh.add(event);
    }
    return new Checked(
        fresh,
        closing.stream().map(gap -> ending.getOrDefault(gap.symbol(), gap)).toList(),
        opened,
        closed);
  }

  private long nextSequence(String symbol, Map<String, Integer> ticksOfTheFrame) {
    return numbering.peek(symbol) + ticksOfTheFrame.getOrDefault(symbol, 0);
  }

  /** Trades before the first new number may be lost, and of an open hole nothing more can come. */
  private FeedGap startedOver(String symbol, Map<String, Integer> ticks, long receivedAt) {
    FeedGap hole = ledger.openHole(symbol);
    FeedGap gap =
        hole == null
            ? ledger.startedOver(symbol, nextSequence(symbol, ticks))
            : hole.withoutIds(); // the same ids will mean other trades
    return gap.closed(receivedAt, numbering.session());
  }

  private static boolean hasIds(List<FeedEvent> events) {
    for (FeedEvent event : events) {
      if (event instanceof FeedEvent.NewestTrade
          || (event instanceof FeedEvent.Tick tick && tick.trade() != null)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A gap that the frame ends: the id of the first trade after it says what is missing.
   *
   * @param isFirst whether the arrival is the first one after the gap
   */
  private static FeedGap withIds(
      FeedGap gap, TradeIds.Arrival arrival, boolean isFirst, long receivedAt) {
    String known = gap.firstMissingId(); // of a hole that the connection did not survive
    if (arrival.hole() != null) {
      String first = known == null ? Long.toString(arrival.hole().first()) : known;
      return gap.missing(first, Long.toString(arrival.hole().last()));
    }
    return isFirst && arrival.known() && known == null ? gap.repaired(receivedAt) : gap;
  }

  /**
   * Whether a frame can end the gap of a symbol without a word about its ids. Otherwise the first
   * trade or the venue's word about its newest one ends the gap, and says what is missing.
   */
  boolean canEndWithoutIds(String symbol) {
    return !ids.isKnown(symbol) || unnamed.contains(symbol);
  }

  /** The gaps that the venue's word about its newest trade ends. */
  private List<FeedGap> newest(FeedEvent.NewestTrade newest, long receivedAt) {
    String symbol = newest.symbol();
    if (newest.tradeId() == 0) {
      unnamed.add(symbol);
    } else {
      unnamed.remove(symbol);
    }
    FeedGap hole = ledger.openHole(symbol);
    FeedGap open = hole == null ? ledger.openGap(symbol) : null;
    if (open != null && (ledger.isRefused(symbol) || canEndWithoutIds(symbol))) {
      return List.of();
    }
    List<FeedGap> closed = new ArrayList<>();
    if (hole != null) {
      closed.add(confirmed(hole, receivedAt));
    }
    TradeIds.Range tail = ids.newestIs(symbol, newest.tradeId());
    if (open != null) {
      if (tail != null || ids.isNewest(symbol, newest.tradeId())) {
        closed.add(ended(open, tail, receivedAt));
      }
    } else if (tail != null) {
      closed.add(tail(symbol, tail, receivedAt));
      metrics.hole();
    }
    return closed;
  }

  /** A gap that ends without a trade. */
  private FeedGap ended(FeedGap gap, TradeIds.@Nullable Range missing, long receivedAt) {
    FeedGap closed = gap.closed(receivedAt, numbering.session());
    String known = gap.firstMissingId(); // of a hole that the connection did not survive
    if (missing != null) {
      String first = known == null ? Long.toString(missing.first()) : known;
      return closed.missing(first, Long.toString(missing.last()));
    }
    return known == null ? closed.repaired(receivedAt) : closed;
  }

  private FeedGap confirmed(FeedGap hole, long receivedAt) {
    FeedGap closed = hole.closed(receivedAt, numbering.session());
    String first = hole.firstMissingId();
    String last = hole.lastMissingId();
    if (first == null || last == null) {
      return closed;
    }
    TradeIds.Range still =
        ids.missing(hole.symbol(), new TradeIds.Range(Long.parseLong(first), Long.parseLong(last)));
    return still == null
        ? closed.repaired(receivedAt)
        : closed.missing(Long.toString(still.first()), Long.toString(still.last()));
  }

  private FeedGap tail(String symbol, TradeIds.Range ids, long receivedAt) {
    return ledger
        .newHole(symbol, ids, numbering.peek(symbol))
        .closed(receivedAt, numbering.session());
  }

  /** The gaps of the trades that a lost connection has named and not sent. */
  List<FeedGap> connectionLost(long receivedAt) {
    unnamed.clear();
    List<FeedGap> gaps = new ArrayList<>();
    ids.connectionLost(symbol -> ledger.isOpen(symbol) && ledger.openHole(symbol) == null)
        .forEach(
            (symbol, range) -> {
              FeedGap hole = ledger.openHole(symbol);
              String first = hole == null ? null : hole.firstMissingId();
              if (hole != null && first != null) {
                gaps.add(hole.missing(first, Long.toString(range.last())));
              } else {
                gaps.add(tail(symbol, range, receivedAt));
              }
            });
    return gaps;
  }
}
