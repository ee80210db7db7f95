package io.marketstream.local.measure;

import java.util.Map;
import java.util.TreeMap;

/**
 * A set of sequence numbers that are dense by nature, kept as ranges: a day of ticks without holes
 * costs one entry, whatever their order. Not safe for use by several threads.
 */
final class SequenceSet {
  private final TreeMap<Long, Long> rangeEnds = new TreeMap<>();
  private long size;

  /**
   * @return whether the number was not there before
   */
  boolean add(long number) {
    Map.Entry<Long, Long> before = rangeEnds.floorEntry(number);
    if (before != null && before.getValue() >= number) {
      return false;
    }
    boolean continues = before != null && before.getValue() == number - 1;
    Long endAfter = rangeEnds.remove(number + 1);
    rangeEnds.put(continues ? before.getKey() : number, endAfter == null ? number : endAfter);
    size++;
    return true;
  }

  /** How many numbers there are. */
  long size() {
    return size;
  }
}
