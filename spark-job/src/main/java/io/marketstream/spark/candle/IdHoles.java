package io.marketstream.spark.candle;

import io.marketstream.spark.codec.BinaryReader;
import io.marketstream.spark.codec.BinaryWriter;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * The holes in the trade ids of a symbol that a repair may still fill. A candle that overlaps a
 * hole stays open, so that the repaired trades can correct it.
 *
 * <p>A hole opens when an id skips some. Ids rise with the time of the venue's engine. The missing
 * trades therefore took place between the newest event time before the skip and the event time of
 * the trade after it. A repair fills a hole from its lowest id on, and the time that the hole spans
 * shrinks with it.
 *
 * <p>Holes depend only on the order of the topic. Their times rise with their ids.
 */
final class IdHoles {
  /**
   * How far the newest event time must be past a hole to give it up, ms. Some ids are not at the
   * venue either, and the fold does not see the records that say so.
   */
  static final long KEPT_MS = Duration.ofHours(24).toMillis();

  /**
   * Missing trades.
   *
   * @param first the lowest missing id
   * @param last the highest missing id
   * @param from epoch ms; no missing trade took place before it
   * @param to epoch ms; no missing trade took place after it
   */
  record Hole(long first, long last, long from, long to) {}

  private final TreeMap<Long, Hole> byFirst = new TreeMap<>();

  /** Adds the ids that were skipped. They are greater than those of all other holes. */
  void open(long first, long last, long from, long to) {
    byFirst.put(first, new Hole(first, last, from, to));
  }

  boolean isEmpty() {
    return byFirst.isEmpty();
  }

  boolean contains(long id) {
    Map.Entry<Long, Hole> below = byFirst.floorEntry(id);
    return below != null && id <= below.getValue().last();
  }

  /**
   * Removes an id from its hole. What is left lies before or after its trade.
   *
   * @param id one that a hole {@linkplain #contains contains}
   */
  void fill(long id, long eventTime) {
    Hole hole = byFirst.floorEntry(id).getValue();
    long time = Math.min(Math.max(eventTime, hole.from()), hole.to());
    byFirst.remove(hole.first());
    if (hole.first() < id) {
      open(hole.first(), id - 1, hole.from(), time);
    }
    if (id < hole.last()) {
      open(id + 1, hole.last(), time, hole.to());
    }
  }

  /** Returns whether a missing trade may belong to the candle of this time. */
  boolean overlap(long openTime, long end) {
    for (Hole hole : byFirst.values()) {
      if (hole.to() >= openTime) {
        return hole.from() < end;
      }
    }
    return false;
  }

  /** Gives up the holes that are too old. */
  void giveUpOld(long newestEventTime) {
    while (!byFirst.isEmpty()
        && byFirst.firstEntry().getValue().to() <= newestEventTime - KEPT_MS) {
      giveUpOldest();
    }
  }

  /** Gives up the holes whose ids the fold would no longer count. */
  void giveUpForgotten(long lastForgotten) {
    while (!byFirst.isEmpty() && byFirst.firstEntry().getValue().last() <= lastForgotten) {
      giveUpOldest();
    }
  }

  void giveUpOldest() {
    byFirst.pollFirstEntry();
  }

  void giveUpAll() {
    byFirst.clear();
  }

  /** Returns the holes by their ids, and so by their times. */
  Collection<Hole> inOrder() {
    return byFirst.values();
  }

  void write(BinaryWriter out) {
    out.writeLong(byFirst.size());
    for (Hole hole : byFirst.values()) {
      out.writeLong(hole.first());
      out.writeLong(hole.last() - hole.first());
      out.writeLong(hole.from());
      out.writeLong(hole.to() - hole.from());
    }
  }

  static IdHoles read(BinaryReader in) {
    IdHoles holes = new IdHoles();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      long first = in.readLong();
      long last = first + in.readLong();
      long from = in.readLong();
      holes.open(first, last, from, from + in.readLong());
    }
    return holes;
  }
}
