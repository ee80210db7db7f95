package io.marketstream.feed.buffer;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.model.GapCause;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ticks dropped since the buffer was last half empty, or since an open gap was taken from it,
 * counted per (symbol, session). Guarded by the buffer's lock.
 */
final class OverflowEpisode {

  private record Key(String source, String symbol, long session) {}

  private static final class Holes {
    final long firstMissing;
    long start;
    long end;
    long dropped;

    Holes(MarketTick first) {
      firstMissing = first.sequence();
      start = first.receivedAt();
      end = start;
    }
  }

  private final Map<Key, Holes> holes = new LinkedHashMap<>();
  private List<FeedBuffer.Drop> untold = new ArrayList<>();
  private long oldest = Long.MAX_VALUE;

  void dropped(MarketTick tick) {
    Holes symbolHoles =
        holes.computeIfAbsent(
            new Key(tick.source(), tick.symbol(), tick.session()),
            key -> {
              untold.add(new FeedBuffer.Drop(key.symbol(), key.session(), tick.sequence()));
              return new Holes(tick);
            });
    symbolHoles.start = Math.min(symbolHoles.start, tick.receivedAt()); // the clock may step back
    symbolHoles.end = Math.max(symbolHoles.end, tick.receivedAt());
    symbolHoles.dropped++;
    oldest = Math.min(oldest, tick.receivedAt());
  }

  boolean isEmpty() {
    return holes.isEmpty();
  }

  /** Epoch ms of the oldest drop not recorded yet; Long.MAX_VALUE if there is none. */
  long oldest() {
    return oldest;
  }

  /** The first drop of each symbol and session, of those that this did not return before. */
  List<FeedBuffer.Drop> tellDrops() {
    List<FeedBuffer.Drop> told = untold;
    untold = new ArrayList<>();
    return told;
  }

  /** Ends the episode: one closed gap per symbol and session. */
  List<BufferEntry> end() {
    List<BufferEntry> gaps = new ArrayList<>(holes.size());
    holes.forEach(
        (key, hole) ->
            gaps.add(
                new BufferEntry.Gap(
                    new FeedGap(
                        key.source(),
                        key.symbol(),
                        GapCause.OVERFLOW,
                        hole.start,
                        hole.end,
                        key.session(),
                        key.session(),
                        hole.firstMissing,
                        hole.dropped,
                        "the buffer was full and its oldest ticks were dropped"),
                    hole.end)));
    holes.clear();
    oldest = Long.MAX_VALUE;
    return gaps;
  }
}
