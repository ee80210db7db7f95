package io.marketstream.feed.task;

import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.model.GapCause;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Computes the source offset of each record from the records that the task has returned so far.
 * While a gap of a symbol is open, the offset describes that gap, so that a restart closes it under
 * the same identity. Owned by the task thread.
 */
final class SourceOffsets {

  private static final class Progress {
    final String symbol;
    long session;
    long sequence = -1;
    @Nullable FeedGap openGap;
    @Nullable Long newestTradeId; // of a tick, or of a hole whose gap record is returned
    @Nullable Long newestTickId; // of a tick alone: a trade of a hole can still come
    long newestTradeTime; // epoch ms by the venue's clock; for a stored id when it was received
    @Nullable Long tradeId; // while a gap is open, the newest one before it
    @Nullable String repairs;
    @Nullable SourceCursor last; // of the newest record of the live feed; null before it
    long lastPoll; // the poll that has returned that record
    boolean startedOver; // whether the newest tick began new trade ids

    /** A newer trade with a lower id means that the venue has started its numbers over. */
    void returned(@Nullable String id, long time) {
      startedOver = false;
      if (id != null) {
        long number = Long.parseLong(id);
        startedOver = newestTickId != null && number < newestTickId && time > newestTradeTime;
        newestTradeId = startedOver ? number : max(newestTradeId, number);
        newestTickId = startedOver ? number : max(newestTickId, number);
        newestTradeTime = Math.max(newestTradeTime, time);
      }
    }

    /** Ids of a hole count as returned once its gap record is. */
    void leftOut(@Nullable String id) {
      if (id != null) {
        newestTradeId = max(newestTradeId, Long.parseLong(id));
      }
    }

    Progress(String symbol) {
      this.symbol = symbol;
    }

    private static long max(@Nullable Long known, long number) {
      return known == null ? number : Math.max(known, number);
    }
  }

  private final boolean allSymbols;
  private final UnrecordedDrops unrecorded = new UnrecordedDrops();
  private final Map<String, Progress> symbols = new HashMap<>();
  private long poll;

  /**
   * @param allSymbols whether the task subscribes to everything
   * @param stored the stored cursors at the start, by symbol
   */
  SourceOffsets(boolean allSymbols, Map<String, SourceCursor> stored) {
    this.allSymbols = allSymbols;
    stored.forEach(
        (symbol, cursor) -> {
          Progress progress = progress(symbol);
          progress.session = cursor.session();
          progress.sequence = cursor.sequence();
          progress.tradeId = cursor.tradeId();
          progress.newestTradeId = cursor.tradeId();
          progress.newestTickId = cursor.tradeId();
          progress.newestTradeTime = cursor.receivedAt();
          progress.repairs = cursor.repairs();
          progress.last = cursor;
          progress.lastPoll = cursor.poll();
        });
  }

  /** The records from now on are those of a poll, counted from 1. */
  void startPoll(long number) {
    poll = number;
  }

  /** The symbol whose offset a tick of {@code symbol} moves. */
  String ledgerSymbol(String symbol) {
    return allSymbols ? SourceCursor.ALL_SYMBOLS : symbol;
  }

  /** Takes over a gap that is open at the start and whose open record is published. */
  void resume(FeedGap gap) {
    progress(gap.symbol()).openGap = gap;
  }

  /**
   * Adds drops whose gap record is not published yet. Until it is, the offset of the symbol stays
   * before the first dropped tick, so that the gap of a restart in between covers them too.
   */
  void dropped(List<FeedBuffer.Drop> drops) {
    drops.forEach(drop -> unrecorded.add(drop.symbol(), drop.session(), drop.firstMissing()));
  }

  /** The offset of the record of a tick. */
  SourceCursor after(MarketTick tick, long safeUntil) {
    Progress progress = progress(ledgerSymbol(tick.symbol()));
    progress.session = tick.session();
    progress.sequence = allSymbols ? -1 : tick.sequence();
    progress.returned(tick.tradeId(), tick.eventTime());
    return cursor(progress, tick.receivedAt(), safeUntil);
  }

  /**
   * The offset of the record of a heartbeat, which belongs to {@code *}.
   *
   * @param session the newest session; 0 if no newer one than that of the records so far is known
   */
  SourceCursor afterHeartbeat(long session, long sentAt, long safeUntil) {
    Progress progress = progress(SourceCursor.ALL_SYMBOLS);
    if (session > progress.session) {
      progress.session = session;
      progress.sequence = -1;
    }
    return cursor(progress, sentAt, safeUntil);
  }

  /** The offset of the record of a gap. */
  SourceCursor after(FeedGap gap, long safeUntil) {
    Progress progress = progress(ledgerSymbol(gap.symbol()));
    if (gap.cause() == GapCause.OVERFLOW) {
      unrecorded.recorded(gap.symbol(), gap.sessionBefore());
      if (progress.session == 0) {
        progress.session = gap.sessionBefore(); // every tick of the symbol was dropped
      }
      // An overflow gap describes the past, so it does not move the position of the symbol.
      return cursor(progress, endOf(gap), safeUntil);
    }
    if (gap.isOpen()) {
      progress.openGap = gap;
      return cursor(progress, gap.gapStart(), safeUntil);
    }
    progress.openGap = null;
    progress.leftOut(gap.lastMissingId());
    long sessionAfter =
        Objects.requireNonNull(gap.sessionAfter(), "a closed gap names the session that ended it");
    if (progress.session != sessionAfter) {
      progress.session = sessionAfter;
      progress.sequence = -1;
    }
    return cursor(progress, endOf(gap), safeUntil);
  }

  /** Whether the newest tick of a symbol has shown that the venue has started its ids over. */
  boolean hasStartedOver(String symbol) {
    return progress(ledgerSymbol(symbol)).startedOver;
  }

  /** The repairs of a symbol have changed with the record that is about to be returned. */
  void repairs(String symbol, @Nullable String encoded) {
    progress(ledgerSymbol(symbol)).repairs = encoded;
  }

  /**
   * The offset of the record of a repair: the newest one of the symbol, with the repairs as they
   * are once the record is out. What was fetched from history says nothing about the live feed.
   */
  SourceCursor afterRepair(String symbol, @Nullable String encoded) {
    Progress progress = progress(symbol);
    progress.repairs = encoded;
    SourceCursor live =
        Objects.requireNonNull(progress.last, "a gap was published before its repair");
    return live.withRepairs(encoded).returnedBy(progress.lastPoll, allSymbols);
  }

  private static long endOf(FeedGap closed) {
    return Objects.requireNonNull(closed.gapEnd(), "a closed gap has an end");
  }

  private Progress progress(String symbol) {
    return symbols.computeIfAbsent(symbol, Progress::new);
  }

  private SourceCursor cursor(Progress progress, long receivedAt, long safeUntil) {
    if (progress.openGap == null && unrecorded.of(progress.symbol) == null) {
      progress.tradeId = progress.newestTradeId;
    }
    SourceCursor cursor =
        position(progress, receivedAt, safeUntil)
            .upToTrade(progress.tradeId)
            .withRepairs(progress.repairs);
    progress.last = cursor;
    progress.lastPoll = poll;
    return cursor;
  }

  private SourceCursor position(Progress progress, long receivedAt, long safeUntil) {
    FeedGap gap = progress.openGap;
    // The cursor of a gap or a drop does not name the sessions after it. If the clock has stepped
    // back, its time could be earlier than them, and a restart would assign them again.
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
    if (drop != null && isBefore(drop, progress)) {
      long sequence = allSymbols ? -1 : drop.firstMissing() - 1;
      return new SourceCursor(drop.session(), sequence, notBefore, safeUntil, null);
    }
    return new SourceCursor(progress.session, progress.sequence, notBefore, safeUntil, null);
  }

  private static boolean isBefore(UnrecordedDrops.Earliest drop, Progress progress) {
    return drop.session() < progress.session
        || (drop.session() == progress.session && drop.firstMissing() <= progress.sequence);
  }
}
