package io.marketstream.spark.candle;

import io.marketstream.spark.codec.BinaryReader;
import io.marketstream.spark.codec.BinaryWriter;
import java.util.Map;
import java.util.TreeMap;

/**
 * The last sequence of a symbol's newest sessions: what tells a tick from its repetition. A
 * producer that retries may write a record twice, and Kafka keeps both.
 */
final class SeenSessions {
  /** How many sessions are remembered: hours of reconnecting every few minutes. */
  static final int REMEMBERED = 16;

  /** How a tick relates to what was seen before it. */
  enum Verdict {
    /** Never seen. */
    NEW,
    /** At or below the last sequence of its session. */
    DUPLICATE,
    /** Of a session older than those remembered: whether it was seen, nobody can tell. */
    LATE
  }

  private final TreeMap<Long, Long> lastSequences = new TreeMap<>();

  /** Judges a tick and remembers it. */
  Verdict see(long session, long sequence) {
    Long last = lastSequences.get(session);
    if (last != null && sequence <= last) {
      return Verdict.DUPLICATE;
    }
    if (last == null && lastSequences.size() == REMEMBERED) {
      if (session < lastSequences.firstKey()) {
        return Verdict.LATE;
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
