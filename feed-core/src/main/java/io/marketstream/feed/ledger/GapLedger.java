package io.marketstream.feed.ledger;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.model.GapCause;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The intervals in which ticks may have been missed, at most one open gap per symbol. A pure fold
 * of what happens to the connection. The methods that return gap records change nothing: {@link
 * #recorded} does, once the records are in the buffer, so that a record that never gets there is
 * not taken for told.
 *
 * <p>Not thread-safe: guarded by the lock of the {@link io.marketstream.feed.session.FeedSession}
 * that owns it. Times are epoch ms by our clock.
 */
public final class GapLedger {

  private final String source;
  private final List<String> symbols;
  private final TickNumbering numbering;
  private final long startedAt;
  private final Map<String, FeedGap> open = new LinkedHashMap<>();
  private final Set<String> refused = new HashSet<>();
  private long openedAt;
  private long lastSign;

  /**
   * @param symbols the symbols to answer for, or only {@code *}
   * @param open the gaps that the restart left open, one per symbol, or none
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
    for (FeedGap gap : open) {
      if (gap.cause() == GapCause.SUBSCRIPTION_REFUSED) {
        refused.add(gap.symbol());
      }
    }
  }

  /** A connection opened; nothing has been heard on it yet. */
  public void opened(long openedAt) {
    this.openedAt = openedAt;
    lastSign = openedAt;
  }

  /** A frame arrived: up to now nothing was missed on this connection. */
  public void heard(long receivedAt) {
    lastSign = receivedAt;
  }

  /** When the newest frame arrived, or else the connection opened; 0 before the first. */
  public long heardUntil() {
    return lastSign;
  }

  public boolean hasOpenGaps() {
    return !open.isEmpty();
  }

  /** Whether a gap is open that is not the feed's refusal of its symbol. */
  public boolean hasOutage() {
    for (String symbol : open.keySet()) {
      if (!refused.contains(symbol)) {
        return true;
      }
    }
    return false;
  }

  /** The symbols whose subscription the feed refused and that have not ticked since. */
  public Set<String> refused() {
    return Set.copyOf(refused);
  }

  /** Whether the feed refused the symbol's subscription and it has not ticked since. */
  public boolean isRefused(String symbol) {
    return refused.contains(symbol);
  }

  /** As the size of {@link #refused()}. */
  public int refusedCount() {
    return refused.size();
  }

  /**
   * A frame arrived, and proves of some symbols that they are heard again.
   *
   * @param ticked whether the frame has a tick of the symbol
   * @param proven whether the frame proves that the symbol would have been heard: its subscription
   *     had time to take effect. It says nothing of a symbol that the feed refused
   * @return the closing records of their gaps
   */
  public List<FeedGap> recovered(
      Predicate<String> ticked, Predicate<String> proven, long receivedAt) {
    List<FeedGap> closed = new ArrayList<>();
    for (FeedGap gap : open.values()) {
      String symbol = gap.symbol();
      if (ticked.test(symbol) || (!refused.contains(symbol) && proven.test(symbol))) {
        closed.add(gap.closed(receivedAt, numbering.session()));
      }
    }
    return closed;
  }

  /**
   * The feed refused the symbol: until its next tick no frame proves that it is heard.
   *
   * @param silentSince when the symbol ticked last in this session, or else when the session
   *     opened, by the clock as it stands now
   * @return the record of the gap that this opens; none where the symbol's gap is open already
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

  /** From now on only a tick of the symbol ends its gap. */
  public void markRefused(String symbol) {
    refused.add(symbol);
  }

  /** The symbol ticked. */
  public void markHeard(String symbol) {
    refused.remove(symbol);
  }

  /**
   * The connection is gone. Where gaps are open already, this belongs to them: it recovered
   * nothing.
   *
   * @param silentSince when its last sign of life came, by the clock as it stands now: earlier than
   *     the clock said then, where it stepped back since
   * @return the records of the gaps that this opens
   */
  public List<FeedGap> lost(GapCause cause, String detail, long silentSince) {
    return openFrom(Math.min(lastSign, silentSince), numbering.session(), cause, detail);
  }

  /**
   * A connection could not be opened. On the very first one no session and so no gap is there to
   * which the outage belongs: it opens one from the start of the task, in the session 0.
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
        gaps.add(FeedGap.open(source, symbol, cause, gapStart, session, firstMissing, detail));
      }
    }
    return gaps;
  }

  /** These records are in the buffer: open gaps are open from now on, closed ones are over. */
  public void recorded(List<FeedGap> gaps) {
    for (FeedGap gap : gaps) {
      if (gap.isOpen()) {
        open.put(gap.symbol(), gap);
      } else {
        open.remove(gap.symbol());
        refused.remove(gap.symbol());
      }
    }
  }
}
