package io.marketstream.feed.buffer;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.RejectedInput;
import io.marketstream.model.GapCause;

/** What waits in the buffer for the task. */
public sealed interface BufferEntry {

  /** How much of the buffer's capacity the entry takes, in ticks. */
  int weight();

  /** Epoch ms from which on the entry's loss would be a gap. */
  long since();

  record Tick(MarketTick tick) implements BufferEntry {
    @Override
    public int weight() {
      return 1;
    }

    @Override
    public long since() {
      return tick.receivedAt();
    }
  }

  /**
   * Gaps do not count: the ledger must be told whatever the buffer holds.
   *
   * @param noticedAt epoch ms at which we noticed that the gap began or was over; its bounds may be
   *     much older
   */
  record Gap(FeedGap gap, long noticedAt) implements BufferEntry {
    @Override
    public int weight() {
      return 0;
    }

    @Override
    public long since() {
      // An overflow is known to nobody until its only record is out; of other gaps the start stands
      // in the offsets.
      return gap.isOpen() || gap.cause() == GapCause.OVERFLOW ? gap.gapStart() : gap.gapEnd();
    }
  }

  record Reject(RejectedInput rejected) implements BufferEntry {
    private static final int CHARS_PER_TICK = 256;

    /**
     * A reject can be 64 KiB: it counts by its length, so that a flood of garbage stays as bounded
     * as ticks do.
     */
    @Override
    public int weight() {
      return 1 + rejected.input().length() / CHARS_PER_TICK;
    }

    @Override
    public long since() {
      return rejected.receivedAt();
    }
  }
}
