package io.marketstream.feed.session;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.ledger.TickNumbering;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.RejectedInput;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Converts the events of a frame to entries of the buffer. It numbers the ticks, and the numbers
 * are provisional until {@link TickNumbering#commit}. Not thread-safe: guarded by the session's
 * lock.
 */
final class FrameRecorder {

  private final String source;
  private final TickNumbering numbering;
  private final FeedMetrics metrics;
  private final UnaryOperator<String> redact;

  /**
   * @param redact masks the credential, which a feed may send back
   */
  FrameRecorder(
      String source, TickNumbering numbering, FeedMetrics metrics, UnaryOperator<String> redact) {
    this.source = source;
    this.numbering = numbering;
    this.metrics = metrics;
    this.redact = redact;
  }

  /** The entries of a frame, in wire order. */
  List<BufferEntry> record(List<FeedEvent> events, long receivedAt) {
    List<BufferEntry> entries = new ArrayList<>(events.size());
    int ticks = 0;
    int rejects = 0;
    for (FeedEvent event : events) {
      if (event instanceof FeedEvent.Tick tick && numbering.admits(tick.symbol())) {
        entries.add(new BufferEntry.Tick(number(tick, receivedAt)));
        ticks++;
      } else if (event instanceof FeedEvent.Tick tick) {
        entries.add(
            reject(
                RejectReason.TOO_MANY_SYMBOLS,
                "a session has at most " + TickNumbering.MAX_SYMBOLS + " symbols",
                tick.symbol() + ' ' + tick.price(),
                receivedAt));
        rejects++;
      } else if (event instanceof FeedEvent.Rejected reject) {
        entries.add(reject(reject.reason(), reject.detail(), reject.input(), receivedAt));
        rejects++;
      } else if (event instanceof FeedEvent.Refused refused) {
        entries.add(
            reject(RejectReason.FEED_ERROR, refused.message(), refused.input(), receivedAt));
        rejects++;
        metrics.refused();
      } else if (event instanceof FeedEvent.FeedError error) {
        entries.add(reject(RejectReason.FEED_ERROR, error.message(), error.input(), receivedAt));
        rejects++;
      } else if (event instanceof FeedEvent.Ignored) {
        metrics.ignored();
      }
    }
    metrics.ticks(ticks);
    metrics.rejects(rejects);
    return entries;
  }

  private MarketTick number(FeedEvent.Tick tick, long receivedAt) {
    return new MarketTick(
        source,
        tick.kind(),
        tick.symbol(),
        tick.price(),
        tick.volume(),
        tick.conditions(),
        tick.eventTime(),
        receivedAt,
        numbering.session(),
        numbering.number(tick.symbol()),
        tick.trade() == null ? null : Long.toString(tick.trade().id()),
        tick.trade() == null ? null : tick.trade().side(),
        tick.trade() == null ? null : TickOrigin.LIVE);
  }

  private BufferEntry reject(RejectReason reason, String detail, String input, long receivedAt) {
    return new BufferEntry.Reject(
        new RejectedInput(
            source,
            reason,
            redact.apply(detail),
            redact.apply(input),
            receivedAt,
            numbering.session()));
  }
}
