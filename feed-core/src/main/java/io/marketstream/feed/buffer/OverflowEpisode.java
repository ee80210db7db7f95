package io.marketstream.feed.buffer;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.model.GapCause;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    private final @Nullable String firstId;
    private @Nullable String lastId;
    private boolean idsRun = true;

    Drops(MarketTick first) {
      firstMissing = first.sequence();
      start = first.receivedAt();
      end = start;
      firstId = first.tradeId();
    }

    void add(@Nullable String id) {
      idsRun = idsRun && id != null && (lastId == null || isNext(lastId, id));
      lastId = id;
    }

    private static boolean isNext(String id, String next) {
      return Long.parseLong(id) + 1 == Long.parseLong(next);
    }

    /**
     * The gap with the trade ids of the dropped ticks, if the feed has ids and these have no hole.
     */
    FeedGap withIds(FeedGap gap) {
      return idsRun && firstId != null && lastId != null ? gap.missing(firstId, lastId) : gap;
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
    drops.start = Math.min(drops.start, tick.receivedAt()); // the clock may step back
    drops.end = Math.max(drops.end, tick.receivedAt());
    drops.dropped++;
    drops.add(tick.tradeId());
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
