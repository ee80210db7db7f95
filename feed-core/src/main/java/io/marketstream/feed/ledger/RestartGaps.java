package io.marketstream.feed.ledger;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.model.GapCause;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The gaps that follow from the stored source offsets when a task starts. They cover the interval
 * between the previous run and this one.
 *
 * @param lastSession the newest session stored; 0 on a first start
 * @param numberedUpTo new sessions must be greater than this; 0 on a first start. It can exceed
 *     {@code lastSession}, because the offset of an open gap names only the session before the gap
 * @param resumed gaps that were open when the task stopped, and whose open records are published
 * @param opened gaps that this start opens, and whose open records must be published
 */
public record RestartGaps(
    long lastSession, long numberedUpTo, List<FeedGap> resumed, List<FeedGap> opened) {

  static final String DETAIL = "the task was not running";

  /**
   * Computes the gaps of a start. If nothing is stored, it is a first start without a gap.
   *
   * @param symbols the symbols subscribed to now, or only {@code *}
   * @param stored the stored cursors of these symbols and of {@code *}. The latter comes from
   *     heartbeats, or from a run that subscribed to everything
   * @param startedAt epoch ms. No gap begins later, even if the clock has stepped back
   */
  public static RestartGaps of(
      String source, List<String> symbols, Map<String, SourceCursor> stored, long startedAt) {
    Map<String, SourceCursor> known = new HashMap<>(stored);
    // The cursor of a heartbeat before the first connection says nothing.
    known.values().removeIf(cursor -> cursor.session() == 0 && cursor.openGap() == null);
    if (known.isEmpty()) {
      return new RestartGaps(0, 0, List.of(), List.of());
    }
    Map<Long, SourceCursor> newest = new HashMap<>();
    long lastSession = 0;
    long numberedUpTo = 0;
    for (SourceCursor cursor : known.values()) {
      newest.merge(cursor.session(), cursor, RestartGaps::laterReturned);
      lastSession = Math.max(lastSession, cursor.session());
      numberedUpTo = Math.max(numberedUpTo, Math.max(cursor.session(), cursor.receivedAt()));
    }
    SourceCursor all = known.get(SourceCursor.ALL_SYMBOLS);
    List<FeedGap> resumed = new ArrayList<>();
    List<FeedGap> opened = new ArrayList<>();
    for (String symbol : symbols) {
      SourceCursor own = known.get(symbol);
      SourceCursor ofAll = all != null && symbolWasOneOfAll(symbol, own, all) ? all : null;
      if (ofAll == null && own != null && own.openGap() != null) {
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
        long session = ofAll != null ? ofAll.session() : own == null ? lastSession : own.session();
        SourceCursor last =
            Objects.requireNonNull(newest.get(session), "every session comes from a cursor");
        opened.add(
            FeedGap.open(
                source,
                symbol,
                GapCause.TASK_RESTART,
                Math.min(safeUntil(last), startedAt),
                session,
                ofAll != null || own == null ? 0 : firstMissing(symbol, own),
                DETAIL));
      }
    }
    return new RestartGaps(lastSession, numberedUpTo, List.copyOf(resumed), List.copyOf(opened));
  }

  /**
   * Whether the last run that delivered the symbol subscribed to everything. The next number of the
   * symbol is then unknown.
   */
  private static boolean symbolWasOneOfAll(
      String symbol, @Nullable SourceCursor own, SourceCursor all) {
    return !symbol.equals(SourceCursor.ALL_SYMBOLS)
        && all.allSymbols()
        && (own == null || own.session() <= all.session());
  }

  /**
   * The one of two cursors of a session that a later poll returned, whatever the clock says. A
   * cursor with the gap of a refused symbol comes second, because it describes only that symbol.
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

  /** The safe time of the cursor, but not later than the start of its open gap. */
  private static long safeUntil(SourceCursor cursor) {
    return cursor.openGap() == null
        ? cursor.safeUntil()
        : Math.min(cursor.safeUntil(), cursor.openGap().gapStart());
  }

  private static long firstMissing(String symbol, SourceCursor cursor) {
    return symbol.equals(SourceCursor.ALL_SYMBOLS) ? 0 : cursor.sequence() + 1;
  }

  /** All gaps that are open after the start. */
  public List<FeedGap> open() {
    List<FeedGap> all = new ArrayList<>(resumed);
    all.addAll(opened);
    return all;
  }
}
