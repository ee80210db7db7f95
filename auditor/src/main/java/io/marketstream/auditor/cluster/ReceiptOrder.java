package io.marketstream.auditor.cluster;

import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickRow;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * Sorts rows that arrive by event time into the order of receipt. It keeps only rows that were
 * received after a row that may still come, that is, rows within the delay of the feed.
 */
final class ReceiptOrder implements Iterator<TickRow> {
  private final Iterator<TickRow> byEventTime;
  private final long aheadMs;
  private final PriorityQueue<TickRow> held =
      new PriorityQueue<>(Comparator.comparing(TickRow::tick, Tick.ARRIVAL));
  private long eventTime = Long.MIN_VALUE;

  /**
   * @param aheadMs how far an event time may be ahead of its receipt
   */
  ReceiptOrder(Iterator<TickRow> byEventTime, long aheadMs) {
    this.byEventTime = byEventTime;
    this.aheadMs = aheadMs;
  }

  @Override
  public boolean hasNext() {
    while (byEventTime.hasNext()
        && (held.isEmpty() || held.peek().tick().receivedAt() >= eventTime - aheadMs)) {
      TickRow row = byEventTime.next();
      eventTime = Math.max(eventTime, row.tick().eventTime());
      held.add(row);
    }
    return !held.isEmpty();
  }

  @Override
  public TickRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return held.remove();
  }
}
