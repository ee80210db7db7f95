package io.marketstream.local.measure;

import java.util.Map;
import java.util.TreeMap;

/**
 * A set of sequence numbers, stored as ranges. A day of ticks without holes costs one entry,
 * whatever their order. Not safe for use by several threads.
 */
final class SequenceSet {
  private final TreeMap<Long, Long> rangeEnds = new TreeMap<>();
  private long size;

  /** Adds a number, and returns whether it was not there before. */
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

  /** Returns the number of elements. */
  long size() {
    return size;
  }
}
