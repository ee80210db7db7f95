package io.marketstream.feed.ledger;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.model.GapCause;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Derives gaps from the events of a connection. A symbol has at most one open gap. The methods that
 * return gap records change nothing. {@link #recorded} changes the state once the records are in
 * the buffer, so a record that never gets there does not count.
 *
 * <p>Pure. Not thread-safe: guarded by the lock of the {@link
 * io.marketstream.feed.session.FeedSession} that owns it. Times are epoch ms by our clock.
 */
public final class GapLedger {

  private final String source;
  private final List<String> symbols;
  private final TickNumbering numbering;
  private final long startedAt;
  private final Map<String, FeedGap> open = new LinkedHashMap<>();
  private final Set<String> refused = new HashSet<>();
  // Their gap is a hole in the trade ids, which only the venue's word ends.
  private final Set<String> holed = new HashSet<>();
  // The newest gap of a hole. A second hole without a tick in between has the same identity.
  private final Map<String, FeedGap> lastHoles = new HashMap<>();
  // When the trade with the newest id of each symbol was received on this connection.
  private final Map<String, Long> newestAt = new HashMap<>();
  private long openedAt;
  private long receivedUntil;

  /**
   * @param symbols the symbols subscribed to, or only {@code *}
   * @param open the gaps that are open when the task starts, at most one per symbol
   * @param startedAt when the task started
   */
  public GapLedger(
      String source,
      List<String> symbols,
      TickNumbering numbering,
      List<FeedGap> open,
      long startedAt) {
    this.source = source;
    this.symbols = List.copyOf(symbols);
    this.numbering = numbering;
    this.startedAt = startedAt;
    recorded(open);
    holed.clear();
    for (FeedGap gap : open) {
      if (gap.cause() == GapCause.SUBSCRIPTION_REFUSED) {
        refused.add(gap.symbol());
      }
    }
  }

  /** A connection has opened and has not delivered anything yet. */
  public void opened(long openedAt) {
    this.openedAt = openedAt;
    receivedUntil = openedAt;
    newestAt.clear();
    holed.clear(); // they end as the other gaps of the lost connection
  }

  /** A frame proves that nothing was missed on this connection until it arrived. */
  public void received(long receivedAt) {
    receivedUntil = receivedAt;
  }

  /** The time of the last call of {@link #received} or {@link #opened}; 0 before the first. */
  public long receivedUntil() {
    return receivedUntil;
  }

  /** Whether any gap is open. */
  public boolean hasOpenGaps() {
    return !open.isEmpty();
  }

  /** Whether a gap is open other than those of refused symbols and of holes in trade ids. */
  public boolean hasOutage() {
    for (String symbol : open.keySet()) {
      if (!refused.contains(symbol) && !holed.contains(symbol)) {
        return true;
      }
    }
    return false;
  }

  /** The symbols that the feed has refused and that are not known to be subscribed to since. */
  public Set<String> refused() {
    return Set.copyOf(refused);
  }

  /** Whether {@link #refused} has the symbol. */
  public boolean isRefused(String symbol) {
    return refused.contains(symbol);
  }

  /** The size of {@link #refused()}. */
  public int refusedCount() {
    return refused.size();
  }

  /**
   * Closes the gaps that a frame ends.
   *
   * @param ticked whether the frame has a tick of the symbol
   * @param proven whether the frame proves that the subscription of the symbol has taken effect. It
   *     does not count for a symbol that the feed has refused
   * @return the closing records of their gaps
   */
  public List<FeedGap> recovered(
      Predicate<String> ticked, Predicate<String> proven, long receivedAt) {
    List<FeedGap> closed = new ArrayList<>();
    for (FeedGap gap : open.values()) {
      String symbol = gap.symbol();
      if (holed.contains(symbol)) {
        continue;
      }
      if (ticked.test(symbol) || (!refused.contains(symbol) && proven.test(symbol))) {
        closed.add(gap.closed(receivedAt, numbering.session()));
      }
    }
    return closed;
  }

  /**
   * Opens the gap of a symbol that the feed has refused.
   *
   * @param silentSince when the symbol last ticked in this session, or else when the session
   *     opened, by the current clock
   * @return the record of the gap that this opens; empty if a gap of the symbol is already open
   */
  public List<FeedGap> refused(String symbol, String detail, long silentSince) {
    if (open.containsKey(symbol)) {
      return List.of();
    }
    TickNumbering.LastTick last = numbering.lastTick(symbol);
    long knownGood = last == null ? openedAt : last.receivedAt();
    return List.of(
        FeedGap.open(
            source,
            symbol,
            GapCause.SUBSCRIPTION_REFUSED,
            Math.min(knownGood, silentSince),
            numbering.session(),
            numbering.peek(symbol),
            detail));
  }

  /** The feed has refused the symbol. Until {@link #clearRefused}, only a tick ends its gap. */
  public void markRefused(String symbol) {
    refused.add(symbol);
  }

  /** The symbol has ticked, or its subscription is confirmed: the feed does not refuse it. */
  public void clearRefused(String symbol) {
    refused.remove(symbol);
  }

  /**
   * Opens the gap of a hole in the trade ids of a symbol, or extends it.
   *
   * @param firstMissing the sequence of the tick that shows the hole
   * @return the record of the gap; null if another gap of the symbol is open, which covers it
   */
  public @Nullable FeedGap hole(String symbol, TradeIds.Range ids, long firstMissing) {
    FeedGap known = open.get(symbol);
    String last = Long.toString(ids.last());
    if (known == null) {
      return newHole(symbol, ids, firstMissing);
    }
    String first = known.firstMissingId();
    return holed.contains(symbol) && first != null ? known.missing(first, last) : null;
  }

  /** A trade was received that is newer than all others of its symbol. */
  public void newest(String symbol, long receivedAt) {
    newestAt.put(symbol, receivedAt);
  }

  /** The time of the newest trade. A trade that comes late fills a hole and is not the newest. */
  private long beforeHole(String symbol) {
    TickNumbering.LastTick last = numbering.lastTick(symbol);
    return last == null
        ? openedAt
        : Math.min(last.receivedAt(), newestAt.getOrDefault(symbol, openedAt));
  }

  /** The gap of a hole in the trade ids of a symbol that has no open gap. */
  public FeedGap newHole(String symbol, TradeIds.Range ids, long firstMissing) {
    return withLastHole(
        FeedGap.open(
                source,
                symbol,
                GapCause.VENUE_DROPPED,
                beforeHole(symbol),
                numbering.session(),
                firstMissing,
                "the feed left out trades")
            .missing(Long.toString(ids.first()), Long.toString(ids.last())));
  }

  /** The gap of a symbol without an open gap whose venue has started its numbers over. */
  public FeedGap startedOver(String symbol, long firstMissing) {
    return withLastHole(
        FeedGap.open(
            source,
            symbol,
            GapCause.VENUE_DROPPED,
            beforeHole(symbol),
            numbering.session(),
            firstMissing,
            "the venue has started its trade numbers over"));
  }

  /** A record replaces the one before it with the same identity, so it must name its ids too. */
  private FeedGap withLastHole(FeedGap gap) {
    FeedGap last = lastHoles.get(gap.symbol());
    if (last == null
        || last.gapStart() != gap.gapStart()
        || last.sessionBefore() != gap.sessionBefore()
        || last.firstMissing() != gap.firstMissing()
        || last.firstMissingId() == null
        || last.lastMissingId() == null) {
      return gap;
    }
    return gap.missing(
        last.firstMissingId(),
        gap.lastMissingId() == null ? last.lastMissingId() : gap.lastMissingId());
  }

  /** Whether a gap of the symbol is open. */
  public boolean isOpen(String symbol) {
    return open.containsKey(symbol);
  }

  /** The open gap of the symbol; null for none. */
  public @Nullable FeedGap openGap(String symbol) {
    return open.get(symbol);
  }

  /** The open gap of a hole in the trade ids of the symbol; null for none. */
  public @Nullable FeedGap openHole(String symbol) {
    return holed.contains(symbol) ? open.get(symbol) : null;
  }

  /**
   * Opens the gaps of a lost connection. A symbol whose gap is already open gets no second one.
   *
   * @param silentSince when the connection last proved that nothing was missed, by the current
   *     clock. This is earlier than the recorded time if the clock has stepped back since
   * @return the records of the gaps that this opens
   */
  public List<FeedGap> lost(GapCause cause, String detail, long silentSince) {
    return openFrom(Math.min(receivedUntil, silentSince), numbering.session(), cause, detail);
  }

  /**
   * Opens the gaps of the very first attempt, if it fails. There is no previous session, so the
   * gaps start when the task started and have the session 0. A later failure belongs to the open
   * gaps.
   *
   * @return the records of the gaps that this opens
   */
  public List<FeedGap> notOpened(GapCause cause, String detail) {
    return openedAt == 0 ? openFrom(startedAt, 0, cause, detail) : List.of();
  }

  private List<FeedGap> openFrom(long gapStart, long session, GapCause cause, String detail) {
    List<FeedGap> gaps = new ArrayList<>(symbols.size());
    for (String symbol : symbols) {
      if (!open.containsKey(symbol)) {
        long firstMissing =
            session == 0 || symbol.equals(SourceCursor.ALL_SYMBOLS) ? 0 : numbering.peek(symbol);
        gaps.add(
            withLastHole(
                FeedGap.open(source, symbol, cause, gapStart, session, firstMissing, detail)));
      }
    }
    return gaps;
  }

  /** The records are in the buffer: the open ones count as open, the closed ones as over. */
  public void recorded(List<FeedGap> gaps) {
    for (FeedGap gap : gaps) {
      if (gap.isOpen()) {
        if (gap.cause() == GapCause.VENUE_DROPPED && gap.sessionBefore() == numbering.session()) {
          holed.add(gap.symbol());
        }
        open.put(gap.symbol(), gap);
      } else {
        open.remove(gap.symbol());
        refused.remove(gap.symbol());
        holed.remove(gap.symbol());
        if (gap.cause() == GapCause.VENUE_DROPPED) {
          lastHoles.put(gap.symbol(), gap);
        }
      }
    }
  }
}
