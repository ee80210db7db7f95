package io.marketstream.feed.ledger;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.model.GapCause;
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
   * Computes the gaps of a start. Where nothing is stored it is a first start, and nothing was
   * missed.
   *
   * @param symbols the symbols subscribed to now, or only {@code *}
   * @param stored the stored cursor of each of them that has one, and that of {@code *}: of the
   *     heartbeats, or of a run that subscribed to everything
   * @param startedAt epoch ms; no gap begins later, also where the clock has stepped back since
   */
  public static RestartGaps of(
      String source, List<String> symbols, Map<String, SourceCursor> stored, long startedAt) {
    List<SourceCursor> known = new ArrayList<>(stored.values());
    // A heartbeat before the first connection knows of nothing.
    known.removeIf(cursor -> cursor.session() == 0 && cursor.openGap() == null);
    if (known.isEmpty()) {
      return new RestartGaps(0, 0, List.of(), List.of());
    }
    Map<Long, SourceCursor> newest = new HashMap<>();
    long lastSession = 0;
    long numberedUpTo = 0;
    for (SourceCursor cursor : known) {
      newest.merge(cursor.session(), cursor, RestartGaps::laterReturned);
      lastSession = Math.max(lastSession, cursor.session());
      numberedUpTo = Math.max(numberedUpTo, Math.max(cursor.session(), cursor.receivedAt()));
    }
    SourceCursor all = stored.get(SourceCursor.ALL_SYMBOLS);
    List<FeedGap> resumed = new ArrayList<>();
    List<FeedGap> opened = new ArrayList<>();
    for (String symbol : symbols) {
      SourceCursor own = stored.get(symbol);
      boolean anyOfAll = symbolWasOneOfAll(symbol, own, all);
      if (!anyOfAll && own != null && own.openGap() != null) {
        resumed.add(
            FeedGap.open(
                source,
                symbol,
                own.openGap().cause(),
                own.openGap().gapStart(),
                own.session(),
                firstMissing(symbol, own),
                own.openGap().detail()));
      } else {
        boolean isNew = anyOfAll || own == null;
        long session = anyOfAll ? all.session() : own == null ? lastSession : own.session();
        opened.add(
            FeedGap.open(
                source,
                symbol,
                GapCause.TASK_RESTART,
                Math.min(safeUntil(newest.get(session)), startedAt),
                session,
                isNew ? 0 : firstMissing(symbol, own),
                DETAIL));
      }
    }
    return new RestartGaps(lastSession, numberedUpTo, List.copyOf(resumed), List.copyOf(opened));
  }

  /**
   * Whether the symbol, subscribed to by name now, was subscribed to last as one of everything. Its
   * number then is not known.
   */
  private static boolean symbolWasOneOfAll(String symbol, SourceCursor own, SourceCursor all) {
    return !symbol.equals(SourceCursor.ALL_SYMBOLS)
        && all != null
        && all.allSymbols()
        && (own == null || own.session() <= all.session());
  }

  /**
   * Of two cursors of a session, the one that tells more of it: that which was returned later,
   * whatever its clock says. The gap of a refused symbol tells of that symbol only.
   */
  private static SourceCursor laterReturned(SourceCursor one, SourceCursor other) {
    if (isOfRefusal(one) != isOfRefusal(other)) {
      return isOfRefusal(one) ? other : one;
    }
    if (one.poll() != other.poll()) {
      return one.poll() > other.poll() ? one : other;
    }
    return safeUntil(one) >= safeUntil(other) ? one : other;
  }

  private static boolean isOfRefusal(SourceCursor cursor) {
    return cursor.openGap() != null && cursor.openGap().cause() == GapCause.SUBSCRIPTION_REFUSED;
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
