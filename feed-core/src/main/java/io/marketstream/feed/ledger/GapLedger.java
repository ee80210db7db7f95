package io.marketstream.feed.ledger;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.GapCause;
import io.marketstream.feed.record.SourceCursor;
import java.util.ArrayList;
import java.util.List;

/**
 * The intervals in which ticks may have been missed, one gap per symbol. A pure fold of what
 * happens to the connection: each method returns the records to publish. Gaps are open for all
 * symbols or for none, because a connection carries them all.
 *
 * <p>Not thread-safe: guarded by the lock of the {@link io.marketstream.feed.session.FeedSession}
 * that owns it. Times are epoch ms by our clock.
 */
public final class GapLedger {

  private final String source;
  private final List<String> symbols;
  private final TickNumbering numbering;
  private final long startedAt;
  private List<FeedGap> open;
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
    this.open = List.copyOf(open);
    this.startedAt = startedAt;
  }

  /** A connection opened; nothing has been heard on it yet. */
  public void opened(long openedAt) {
    lastSign = openedAt;
  }

  /** A frame arrived: up to now nothing was missed on this connection. */
  public void heard(long receivedAt) {
    lastSign = receivedAt;
  }

  public boolean hasOpenGaps() {
    return !open.isEmpty();
  }

  /**
   * The first frame after the last subscribe frame arrived: the open gaps are over.
   *
   * @return their closing records
   */
  public List<FeedGap> recovered(long receivedAt) {
    List<FeedGap> closed =
        open.stream().map(gap -> gap.closed(receivedAt, numbering.session())).toList();
    open = List.of();
    return closed;
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
    return openFrom(startedAt, 0, cause, detail);
  }

  private List<FeedGap> openFrom(long gapStart, long session, GapCause cause, String detail) {
    if (!open.isEmpty()) {
      return List.of();
    }
    List<FeedGap> gaps = new ArrayList<>(symbols.size());
    for (String symbol : symbols) {
      long firstMissing =
          session == 0 || symbol.equals(SourceCursor.ALL_SYMBOLS) ? 0 : numbering.peek(symbol);
      gaps.add(FeedGap.open(source, symbol, cause, gapStart, session, firstMissing, detail));
    }
    open = List.copyOf(gaps);
    return open;
  }
}
