package io.marketstream.feed.task;

import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.model.GapCause;
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
  private final UnrecordedDrops unrecorded = new UnrecordedDrops();
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
   * What has been dropped since this was last told. Until its gap record is out, its symbol stands
   * before the first of these ticks: the gap of a restart in between claims them too.
   */
  void dropped(List<FeedBuffer.Drop> drops) {
    drops.forEach(drop -> unrecorded.add(drop.symbol(), drop.session(), drop.firstMissing()));
  }

  SourceCursor after(MarketTick tick, long safeUntil) {
    Progress progress = progress(ledgerSymbol(tick.symbol()));
    progress.session = tick.session();
    progress.sequence = allSymbols ? -1 : tick.sequence();
    return cursor(progress, tick.receivedAt(), safeUntil);
  }

  /**
   * How far everything has been heard. Subscribed to everything, that is where {@code *} stands;
   * else its cursor is of heartbeats only.
   *
   * @param session the newest session heard; 0 where nothing is known beyond the records so far
   */
  SourceCursor afterHeartbeat(long session, long sentAt, long safeUntil) {
    Progress progress = progress(SourceCursor.ALL_SYMBOLS);
    if (session > progress.session) {
      progress.session = session;
      progress.sequence = -1;
    }
    return cursor(progress, sentAt, safeUntil);
  }

  SourceCursor after(FeedGap gap, long safeUntil) {
    Progress progress = progress(ledgerSymbol(gap.symbol()));
    if (gap.cause() == GapCause.OVERFLOW) {
      unrecorded.recorded(gap.symbol(), gap.sessionBefore());
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
    UnrecordedDrops.Earliest drop =
        allSymbols ? unrecorded.ofAll() : unrecorded.of(progress.symbol);
    if (drop != null && standsBefore(drop, progress)) {
      long sequence = allSymbols ? -1 : drop.firstMissing() - 1;
      return new SourceCursor(drop.session(), sequence, notBefore, safeUntil, null);
    }
    return new SourceCursor(progress.session, progress.sequence, notBefore, safeUntil, null);
  }

  private static boolean standsBefore(UnrecordedDrops.Earliest drop, Progress progress) {
    return drop.session() < progress.session
        || (drop.session() == progress.session && drop.firstMissing() <= progress.sequence);
  }
}
