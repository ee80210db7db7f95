package io.marketstream.feed.session;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.ledger.GapLedger;
import io.marketstream.feed.ledger.Subscriptions;
import io.marketstream.feed.ledger.TickNumbering;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.record.FeedGap;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the frames of the current connection into the buffer, and with them the gaps that they open
 * and close. Not thread-safe: guarded by the session's lock.
 */
final class FrameReceiver {

  private final FeedBuffer buffer;
  private final TickNumbering numbering;
  private final GapLedger ledger;
  private final Subscriptions subscriptions;
  private final StallDetector stalls;
  private final FrameRecorder recorder;
  private final TradeIdCheck tradeIds;
  private final FeedErrorHandler errors;
  private final FeedDelayMonitor delays;
  private final OutageReport outage;
  private final FeedMetrics metrics;
  private final Clock clock;
  private @Nullable Long lastFrameAt;
  private @Nullable Long lastTickAt;

  FrameReceiver(
      FeedBuffer buffer,
      TickNumbering numbering,
      GapLedger ledger,
      Subscriptions subscriptions,
      StallDetector stalls,
      FrameRecorder recorder,
      TradeIdCheck tradeIds,
      FeedErrorHandler errors,
      FeedDelayMonitor delays,
      OutageReport outage,
      FeedMetrics metrics,
      Clock clock) {
    this.buffer = buffer;
    this.numbering = numbering;
    this.ledger = ledger;
    this.subscriptions = subscriptions;
    this.stalls = stalls;
    this.recorder = recorder;
    this.tradeIds = tradeIds;
    this.errors = errors;
    this.delays = delays;
    this.outage = outage;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Records a frame.
   *
   * @param receivedAt epoch ms at which the frame was read
   * @param readNanos the same instant on the monotonic clock
   * @param retryLater schedules another attempt to subscribe to a refused symbol
   */
  void receive(
      List<FeedEvent> events,
      long receivedAt,
      long readNanos,
      BiConsumer<String, Duration> retryLater) {
    Set<String> ticked = ledger.hasOpenGaps() ? tickedSymbols(events) : Set.of();
    List<FeedGap> opened = errors.handle(events, ticked, retryLater);
    boolean isProof = stalls.isProof(!ticked.isEmpty());
    TradeIdCheck.Checked checked =
        tradeIds.check(
            events,
            ledger.recovered(
                ticked::contains,
                symbol ->
                    isProof
                        && subscriptions.isEffective(symbol, readNanos)
                        && tradeIds.canEndWithoutIds(symbol),
                receivedAt),
            receivedAt);
    List<BufferEntry> entries = entries(checked.closing());
    // The record of a hole comes before the tick behind it, whose offset would hide the hole.
    entries.addAll(entries(checked.opened()));
    entries.addAll(recorder.record(checked.events(), receivedAt));
    entries.addAll(entries(checked.closed()));
    entries.addAll(entries(opened));
    buffer.put(entries);
    // Commit only now. A frame counts as received once it is in the buffer. If something above
    // throws, the gap of the defect covers the frame.
    boolean hasTicks = numbering.commit(receivedAt, readNanos);
    lastFrameAt = receivedAt;
    if (hasTicks) {
      lastTickAt = receivedAt;
      delays.ticks(checked.events(), receivedAt);
    }
    ledger.recorded(checked.closing());
    ledger.recorded(checked.opened());
    ledger.recorded(checked.closed());
    ledger.recorded(opened);
    stalls.received(hasTicks, System.nanoTime());
    if (stalls.isProof(hasTicks)) {
      ledger.received(receivedAt);
    }
    if (!ledger.hasOutage()) {
      outage.recovered(numbering.session());
    }
    metrics.refusedNow(ledger.refusedCount());
  }

  private static Set<String> tickedSymbols(List<FeedEvent> events) {
    Set<String> symbols = new HashSet<>();
    for (FeedEvent event : events) {
      if (event instanceof FeedEvent.Tick tick) {
        symbols.add(tick.symbol());
      }
    }
    return symbols;
  }

  /** Records the gaps of trades that the lost connection has named and not sent. */
  void connectionLost() {
    publish(tradeIds.connectionLost(clock.millis()));
  }

  /**
   * Opens the gaps of subscriptions that the feed has not answered.
   *
   * @param retryLater schedules another attempt to subscribe to a symbol
   */
  void unanswered(List<String> symbols, BiConsumer<String, Duration> retryLater) {
    symbols.forEach(symbol -> metrics.refused());
    publish(errors.unanswered(symbols, retryLater));
    metrics.refusedNow(ledger.refusedCount());
  }

  /** Records gaps that no frame caused. */
  void publish(List<FeedGap> gaps) {
    buffer.put(entries(gaps));
    ledger.recorded(gaps);
  }

  private List<BufferEntry> entries(List<FeedGap> gaps) {
    List<BufferEntry> entries = new ArrayList<>(gaps.size());
    gaps.forEach(gap -> entries.add(new BufferEntry.Gap(gap, clock.millis())));
    return entries;
  }

  /** Epoch ms at which the newest frame was read; null before the first one. */
  @Nullable Long lastFrameAt() {
    return lastFrameAt;
  }

  /** Epoch ms at which the newest frame with a tick was read; null before the first one. */
  @Nullable Long lastTickAt() {
    return lastTickAt;
  }
}
