package io.marketstream.feed.task;

import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.GapCause;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.SourceCursor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each symbol stands after the records returned so far: a fold of them in order. While a
 * symbol's gap is open its cursor stays that gap's, so that a restart in between closes the same
 * identity. Owned by the task thread.
 */
final class CursorBook {

  private static final class Progress {
    final String symbol;
    long session;
    long sequence = -1;
    FeedGap openGap;

    Progress(String symbol) {
      this.symbol = symbol;
    }
  }

  private final boolean allSymbols;
  private final Map<String, List<FeedBuffer.Drop>> unrecorded = new HashMap<>();
  private final Map<String, Progress> symbols = new HashMap<>();

  /**
   * @param stored the cursors that the start found, by symbol
   */
  CursorBook(boolean allSymbols, Map<String, SourceCursor> stored) {
    this.allSymbols = allSymbols;
    stored.forEach(
        (symbol, cursor) -> {
          Progress progress = progress(symbol);
          progress.session = cursor.session();
          progress.sequence = cursor.sequence();
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

  /**
   * What has been dropped and is recorded by nothing yet. Until its gap record is out, its symbol
   * stands before the first of these ticks: the gap of a restart in between claims them too.
   */
  void dropped(List<FeedBuffer.Drop> drops) {
    unrecorded.clear();
    drops.forEach(
        drop ->
            unrecorded
                .computeIfAbsent(ledgerSymbol(drop.symbol()), symbol -> new ArrayList<>())
                .add(drop));
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
      recorded(gap);
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

  private void recorded(FeedGap overflow) {
    List<FeedBuffer.Drop> drops = unrecorded.get(ledgerSymbol(overflow.symbol()));
    if (drops != null) {
      drops.removeIf(
          drop ->
              drop.symbol().equals(overflow.symbol())
                  && drop.session() == overflow.sessionBefore());
    }
  }

  private Progress progress(String symbol) {
    return symbols.computeIfAbsent(symbol, Progress::new);
  }

  private SourceCursor cursor(Progress progress, long receivedAt, long safeUntil) {
    FeedGap gap = progress.openGap;
    // A cursor that stands before a gap or a drop names no session after it. Where the clock stood
    // back its time would be earlier than theirs, and a restart would give them again.
    long notBefore = Math.max(receivedAt, progress.session);
    if (gap != null) {
      return new SourceCursor(
          gap.sessionBefore(),
          gap.firstMissing() - 1,
          notBefore,
          safeUntil,
          new SourceCursor.OpenGap(gap.gapStart(), gap.cause(), gap.detail()));
    }
    long session = progress.session;
    long sequence = progress.sequence;
    for (FeedBuffer.Drop drop : unrecorded.getOrDefault(progress.symbol, List.of())) {
      if (drop.session() < session
          || (drop.session() == session && drop.firstMissing() <= sequence)) {
        session = drop.session();
        sequence = allSymbols ? -1 : drop.firstMissing() - 1;
      }
    }
    return new SourceCursor(session, sequence, notBefore, safeUntil, null);
  }
}
