package io.marketstream.spark.candle;

import io.marketstream.spark.codec.BinaryReader;
import io.marketstream.spark.codec.BinaryWriter;
import java.util.Map;
import java.util.TreeMap;

/**
 * The last sequence number of each of a symbol's newest sessions. They reveal duplicate ticks: a
 * producer that retries may write a record twice, and Kafka keeps both.
 */
final class SeenSessions {
  /** Maximum number of sessions: enough for hours of reconnecting every few minutes. */
  static final int MAX_SESSIONS = 16;

  /** How a tick relates to the ticks before it. */
  enum Verdict {
    /** Not seen before. */
    NEW,
    /** At or below the last sequence of its session. */
    DUPLICATE,
    /** Of a session that is no longer remembered: it may have been seen or not. */
    FORGOTTEN
  }

  private final TreeMap<Long, Long> lastSequences = new TreeMap<>();

  /** Adds a tick, and returns how it relates to the ticks before it. */
  Verdict add(long session, long sequence) {
    Long last = lastSequences.get(session);
    if (last != null && sequence <= last) {
      return Verdict.DUPLICATE;
    }
    if (last == null && lastSequences.size() == MAX_SESSIONS) {
      if (session < lastSequences.firstKey()) {
        return Verdict.FORGOTTEN;
      }
      lastSequences.pollFirstEntry();
    }
    lastSequences.put(session, sequence);
    return Verdict.NEW;
  }

  void write(BinaryWriter out) {
    out.writeLong(lastSequences.size());
    for (Map.Entry<Long, Long> session : lastSequences.entrySet()) {
      out.writeLong(session.getKey());
      out.writeLong(session.getValue());
    }
  }

  static SeenSessions read(BinaryReader in) {
    SeenSessions sessions = new SeenSessions();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      sessions.lastSequences.put(in.readLong(), in.readLong());
    }
    return sessions;
  }
}
