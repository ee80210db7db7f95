package io.marketstream.feed.buffer;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.RejectedInput;
import io.marketstream.model.GapCause;

/** An entry of the {@link FeedBuffer}: a tick, a gap or a reject. */
public sealed interface BufferEntry {

  /** How much of the buffer's capacity the entry uses, in ticks. */
  int weight();

  /** Where a gap would have to start if this entry were lost, in epoch ms. */
  long since();

  /** A numbered tick. */
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
   * A gap. It uses no capacity, so gaps are never dropped.
   *
   * @param noticedAt epoch ms at which the connector noticed that the gap began or ended. The
   *     bounds of the gap may be much older
   */
  record Gap(FeedGap gap, long noticedAt) implements BufferEntry {
    @Override
    public int weight() {
      return 0;
    }

    @Override
    public long since() {
      // The start of an open gap is stored in the offsets once its open record is out. An overflow
      // has only one record.
      return gap.isOpen() || gap.cause() == GapCause.OVERFLOW ? gap.gapStart() : gap.gapEnd();
    }
  }

  /** An input that could not be decoded. */
  record Reject(RejectedInput rejected) implements BufferEntry {
    private static final int CHARS_PER_TICK = 256;

    /**
     * The weight grows with the length, because a reject can have 64 KiB. So rejects use no more
     * memory than ticks.
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
