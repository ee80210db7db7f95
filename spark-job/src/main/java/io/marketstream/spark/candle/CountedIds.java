package io.marketstream.spark.candle;

import io.marketstream.spark.codec.BinaryReader;
import io.marketstream.spark.codec.BinaryWriter;
import io.marketstream.spark.record.TradeIds;
import java.util.Map;
import java.util.TreeMap;

/**
 * The trade ids of a symbol that its fold has counted. They reveal a trade that arrives twice: live
 * and by repair, or again after a restart.
 *
 * <p>A venue counts the trades of a product 1, 2, 3 …. The ids are therefore kept as ranges: one
 * range without losses, and one more for every hole that no repair has filled. When there are too
 * many, the range with the lowest ids is forgotten. What is forgotten depends only on the order of
 * the topic.
 */
final class CountedIds {
  /** Maximum number of ranges: 255 holes that no repair has filled. */
  static final int MAX_RANGES = 256;

  /** How a trade id relates to the ids before it. */
  enum Verdict {
    /** Not counted before, or not a number: such ids are not remembered. */
    NEW,
    /** Counted before. */
    DUPLICATE,
    /** At or below the ids that are no longer remembered: it may have been counted or not. */
    FORGOTTEN
  }

  private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();
  private long lastForgotten = TradeIds.NO_NUMBER;

  /**
   * Adds a trade id, and returns how it relates to the ids before it.
   *
   * @param id the number of the trade id, or {@link TradeIds#NO_NUMBER}
   */
  Verdict add(long id) {
    if (id == TradeIds.NO_NUMBER) {
      return Verdict.NEW;
    }
    if (id <= lastForgotten) {
      return Verdict.FORGOTTEN;
    }
    Map.Entry<Long, Long> below = lastByFirst.floorEntry(id);
    if (below != null && below.getValue() >= id) {
      return Verdict.DUPLICATE;
    }
    boolean continuesBelow = below != null && below.getValue() == id - 1;
    Long lastAbove = id == Long.MAX_VALUE ? null : lastByFirst.remove(id + 1);
    lastByFirst.put(continuesBelow ? below.getKey() : id, lastAbove == null ? id : lastAbove);
    if (lastByFirst.size() > MAX_RANGES) {
      lastForgotten = lastByFirst.pollFirstEntry().getValue();
    }
    return Verdict.NEW;
  }

  /** Returns the highest counted id, or {@link TradeIds#NO_NUMBER} if there is none. */
  long highest() {
    return lastByFirst.isEmpty() ? TradeIds.NO_NUMBER : lastByFirst.lastEntry().getValue();
  }

  /** Returns the id up to which ids are forgotten, or {@link TradeIds#NO_NUMBER}. */
  long lastForgotten() {
    return lastForgotten;
  }

  /** Forgets all ids, because the venue has started its numbers over. */
  void startOver() {
    lastByFirst.clear();
    lastForgotten = TradeIds.NO_NUMBER;
  }

  void write(BinaryWriter out) {
    out.writeLong(lastForgotten);
    out.writeLong(lastByFirst.size());
    for (Map.Entry<Long, Long> range : lastByFirst.entrySet()) {
      out.writeLong(range.getKey());
      out.writeLong(range.getValue() - range.getKey());
    }
  }

  static CountedIds read(BinaryReader in) {
    CountedIds ids = new CountedIds();
    ids.lastForgotten = in.readLong();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      long first = in.readLong();
      ids.lastByFirst.put(first, first + in.readLong());
    }
    return ids;
  }
}
