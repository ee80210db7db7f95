package io.marketstream.feed.buffer;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.model.GapCause;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts dropped ticks per symbol and session. An episode ends when the buffer is half empty, or
 * when an open gap is taken from it. Guarded by the buffer's lock.
 */
final class OverflowEpisode {

  private record Key(String source, String symbol, long session) {}

  private static final class Drops {
    final long firstMissing;
    long start;
    long end;
    long dropped;
    private boolean hasIds = true;
    private long lowestId = Long.MAX_VALUE;
    private long highestId;
    private long newestTime; // of the trades, epoch ms

    Drops(MarketTick first) {
      firstMissing = first.sequence();
      start = first.receivedAt();
      end = start;
    }

    void add(MarketTick tick) {
      start = Math.min(start, tick.receivedAt()); // the clock may step back
      end = Math.max(end, tick.receivedAt());
      dropped++;
      String text = tick.tradeId();
      if (text == null) {
        hasIds = false;
        return;
      }
      long id = Long.parseLong(text);
      // A newer trade with a lower id: the venue has started its numbers over.
      hasIds = hasIds && (id > highestId || tick.eventTime() <= newestTime);
      lowestId = Math.min(lowestId, id);
      highestId = Math.max(highestId, id);
      newestTime = Math.max(newestTime, tick.eventTime());
    }

    /**
     * The gap with the lowest and the highest trade id of the dropped ticks, if the feed has ids.
     * Trades in between may have been delivered, or belong to another gap.
     */
    FeedGap withIds(FeedGap gap) {
      return hasIds ? gap.missing(Long.toString(lowestId), Long.toString(highestId)) : gap;
    }
  }

  private final Map<Key, Drops> episode = new LinkedHashMap<>();
  private List<FeedBuffer.Drop> newDrops = new ArrayList<>();
  private long oldest = Long.MAX_VALUE;

  /** Adds a dropped tick. */
  void dropped(MarketTick tick) {
    Drops drops =
        episode.computeIfAbsent(
            new Key(tick.source(), tick.symbol(), tick.session()),
            key -> {
              newDrops.add(new FeedBuffer.Drop(key.symbol(), key.session(), tick.sequence()));
              return new Drops(tick);
            });
    drops.add(tick);
    oldest = Math.min(oldest, tick.receivedAt());
  }

  boolean isEmpty() {
    return episode.isEmpty();
  }

  /** Epoch ms of the oldest dropped tick; Long.MAX_VALUE if there is none. */
  long oldest() {
    return oldest;
  }

  /** The first drop of each symbol and session that the previous calls have not returned. */
  List<FeedBuffer.Drop> takeNewDrops() {
    List<FeedBuffer.Drop> taken = newDrops;
    newDrops = new ArrayList<>();
    return taken;
  }

  /** Ends the episode: one closed gap per symbol and session. */
  List<BufferEntry> end() {
    List<BufferEntry> gaps = new ArrayList<>(episode.size());
    episode.forEach(
        (key, drops) ->
            gaps.add(
                new BufferEntry.Gap(
                    drops.withIds(
                        new FeedGap(
                            key.source(),
                            key.symbol(),
                            GapCause.OVERFLOW,
                            drops.start,
                            drops.end,
                            key.session(),
                            key.session(),
                            drops.firstMissing,
                            drops.dropped,
                            "the buffer was full and its oldest ticks were dropped")),
                    drops.end)));
    episode.clear();
    oldest = Long.MAX_VALUE;
    return gaps;
  }
}
