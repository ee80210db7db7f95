package io.marketstream.feed.task;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.GapCause;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.SourceCursor;
import java.util.HashMap;
import java.util.Map;

/**
 * Where each symbol stands after the records returned so far: a fold of them in order. While a
 * symbol's gap is open its cursor stays that gap's, so that a restart in between closes the same
 * identity. Owned by the task thread.
 */
final class CursorBook {

  private static final class Progress {
    long session;
    long sequence = -1;
    FeedGap openGap;
  }

  private final boolean allSymbols;
  private final Map<String, Progress> symbols = new HashMap<>();

  /**
   * @param stored the cursors that the start found, by symbol
   */
  CursorBook(boolean allSymbols, Map<String, SourceCursor> stored) {
    this.allSymbols = allSymbols;
    stored.forEach(
        (symbol, cursor) -> {
          Progress progress = new Progress();
          progress.session = cursor.session();
          progress.sequence = cursor.sequence();
          symbols.put(symbol, progress);
        });
  }

  /** The symbol under which the offset of a tick is kept. */
  String ledgerSymbol(String symbol) {
    return allSymbols ? SourceCursor.ALL_SYMBOLS : symbol;
  }

  /** Gaps that were open at the start, whose records are out already. */
  void resume(FeedGap gap) {
    progress(gap.symbol()).openGap = gap;
  }

  SourceCursor after(MarketTick tick, long safeUntil) {
    Progress progress = progress(ledgerSymbol(tick.symbol()));
    progress.session = tick.session();
    progress.sequence = allSymbols ? -1 : tick.sequence();
    return cursor(progress, tick.receivedAt(), safeUntil);
  }

  SourceCursor after(FeedGap gap, long safeUntil) {
    Progress progress = progress(ledgerSymbol(gap.symbol()));
    if (gap.cause() == GapCause.OVERFLOW) {
      if (progress.session == 0) {
        progress.session = gap.sessionBefore(); // all that the symbol ever had was dropped
      }
      return cursor(
          progress,
          gap.gapEnd(),
          safeUntil); // it tells of the past: the symbol stands where it stood
    }
    if (gap.isOpen()) {
      progress.openGap = gap;
      return cursor(progress, gap.gapStart(), safeUntil);
    }
    progress.openGap = null;
    if (progress.session != gap.sessionAfter()) {
      progress.session = gap.sessionAfter();
      progress.sequence = -1;
    }
    return cursor(progress, gap.gapEnd(), safeUntil);
  }

  private Progress progress(String symbol) {
    return symbols.computeIfAbsent(symbol, s -> new Progress());
  }

  private static SourceCursor cursor(Progress progress, long receivedAt, long safeUntil) {
    FeedGap gap = progress.openGap;
    return gap == null
        ? new SourceCursor(progress.session, progress.sequence, receivedAt, safeUntil, null)
        : new SourceCursor(
            gap.sessionBefore(),
            gap.firstMissing() - 1,
            receivedAt,
            safeUntil,
            new SourceCursor.OpenGap(gap.gapStart(), gap.cause(), gap.detail()));
  }
}
