package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.CandleId;
import io.marketstream.auditor.evidence.TradeNumber;
import java.util.ArrayList;
import java.util.List;

/**
 * The trades of a symbol that a repair may still bring, because their ids were skipped. A candle to
 * which one may belong is not final.
 *
 * <p>A venue numbers its trades in the order of their times. A skipped trade was therefore not made
 * before the newest event time at the skip, nor after the trade that skipped it. Each trade that
 * comes narrows this for its neighbours.
 *
 * <p>Not thread-safe.
 */
final class AwaitedTrades {
  /** How long trades are awaited, in event time after the trade that skipped them. */
  private static final long MAX_WAIT_MS = 86_400_000;

  /** Consecutive ids that are awaited, and the times between which their trades were made. */
  private record Run(long first, long last, long notBefore, long notAfter) {}

  private final List<Run> runs = new ArrayList<>(); // by id; their times rise as well
  private long highest = TradeNumber.NONE;
  private long changes;

  boolean isEmpty() {
    return runs.isEmpty();
  }

  /** Grows whenever a candle may have become final. */
  long changes() {
    return changes;
  }

  boolean contains(long number) {
    return indexOf(number) >= 0;
  }

  /** Whether an awaited trade may belong to the candle. */
  boolean mayBelongTo(CandleId candle) {
    int low = 0;
    int high = runs.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (runs.get(middle).notAfter() < candle.openTime()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < runs.size() && runs.get(low).notBefore() < candle.end();
  }

  /**
   * Adds a trade that counts.
   *
   * @param newestBefore the newest event time before it
   */
  void add(long number, long eventTime, long newestBefore) {
    int index = indexOf(number);
    if (index >= 0) {
      take(index, number, eventTime);
    } else if (highest != TradeNumber.NONE && number - 1 > highest) {
      runs.add(new Run(highest + 1, number - 1, newestBefore, Math.max(newestBefore, eventTime)));
    }
    highest = Math.max(highest, number);
  }

  private void take(int index, long number, long eventTime) {
    Run run = runs.remove(index);
    changes++;
    long time = Math.max(run.notBefore(), Math.min(run.notAfter(), eventTime));
    if (number < run.last()) {
      runs.add(index, new Run(number + 1, run.last(), time, run.notAfter()));
    }
    if (number > run.first()) {
      runs.add(index, new Run(run.first(), number - 1, run.notBefore(), time));
    }
  }

  void giveUpAsOf(long newestEventTime) {
    while (!runs.isEmpty() && newestEventTime - runs.get(0).notAfter() >= MAX_WAIT_MS) {
      giveUpFirst();
    }
  }

  /** Gives up the trades up to this id. */
  void giveUpTo(long number) {
    while (!runs.isEmpty() && runs.get(0).last() <= number) {
      giveUpFirst();
    }
  }

  void giveUpFirst() {
    runs.remove(0);
    changes++;
  }

  /** Gives up everything, because the venue has started its numbers over. */
  void startOver() {
    runs.clear();
    highest = TradeNumber.NONE;
    changes++;
  }

  private int indexOf(long number) {
    int low = 0;
    int high = runs.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Run run = runs.get(middle);
      if (number < run.first()) {
        high = middle - 1;
      } else if (number > run.last()) {
        low = middle + 1;
      } else {
        return middle;
      }
    }
    return -1;
  }
}
