package io.marketstream.feed.ledger;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.GapCause;
import io.marketstream.feed.record.SourceCursor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a start finds in the stored offsets: the gap that the time between two runs of a task is.
 *
 * @param lastSession the newest session stored; 0 on a first start
 * @param numberedUpTo no session up to this one may be given again: while a gap is open the offsets
 *     name the session before it, but not those that delivered since; 0 on a first start
 * @param resumed gaps that were open when the task stopped; their open records are out already
 * @param opened gaps that this start opens; their open records are to be published
 */
public record RestartGaps(
    long lastSession, long numberedUpTo, List<FeedGap> resumed, List<FeedGap> opened) {

  static final String DETAIL = "the task was not running";

  /**
   * Computes the gaps of a start. Where no symbol has an offset it is a first start, and nothing
   * was missed.
   *
   * @param symbols the symbols subscribed to now, or only {@code *}
   * @param stored the stored cursor of each of them that has one
   * @param startedAt epoch ms; no gap begins later, also where the clock has stepped back since
   */
  public static RestartGaps of(
      String source, List<String> symbols, Map<String, SourceCursor> stored, long startedAt) {
    if (stored.isEmpty()) {
      return new RestartGaps(0, 0, List.of(), List.of());
    }
    Map<Long, Long> safeUntil = new HashMap<>();
    long lastSession = 0;
    long numberedUpTo = 0;
    for (SourceCursor cursor : stored.values()) {
      safeUntil.merge(cursor.session(), safeUntil(cursor), Math::max);
      lastSession = Math.max(lastSession, cursor.session());
      numberedUpTo = Math.max(numberedUpTo, Math.max(cursor.session(), cursor.receivedAt()));
    }
    List<FeedGap> resumed = new ArrayList<>();
    List<FeedGap> opened = new ArrayList<>();
    for (String symbol : symbols) {
      SourceCursor cursor = stored.get(symbol);
      if (cursor != null && cursor.openGap() != null) {
        resumed.add(
            FeedGap.open(
                source,
                symbol,
                cursor.openGap().cause(),
                cursor.openGap().gapStart(),
                cursor.session(),
                firstMissing(symbol, cursor),
                cursor.openGap().detail()));
      } else {
        long session = cursor == null ? lastSession : cursor.session();
        opened.add(
            FeedGap.open(
                source,
                symbol,
                GapCause.TASK_RESTART,
                Math.min(safeUntil.get(session), startedAt),
                session,
                cursor == null ? 0 : firstMissing(symbol, cursor),
                DETAIL));
      }
    }
    return new RestartGaps(lastSession, numberedUpTo, List.copyOf(resumed), List.copyOf(opened));
  }

  /** Of its session: what was safe of a later one says nothing about what the open gap missed. */
  private static long safeUntil(SourceCursor cursor) {
    return cursor.openGap() == null
        ? cursor.safeUntil()
        : Math.min(cursor.safeUntil(), cursor.openGap().gapStart());
  }

  private static long firstMissing(String symbol, SourceCursor cursor) {
    return symbol.equals(SourceCursor.ALL_SYMBOLS) ? 0 : cursor.sequence() + 1;
  }

  /** All gaps that are open after the start. */
  public List<FeedGap> all() {
    List<FeedGap> all = new ArrayList<>(resumed);
    all.addAll(opened);
    return all;
  }
}
