package io.marketstream.auditor.cluster;

import io.marketstream.auditor.evidence.RecordPosition;
import java.io.Serializable;

/**
 * A record of a topic of ticks that is no tick.
 *
 * @param source that it names, or {@code unknown}
 * @param symbol that it names, or {@code unknown}
 */
public record UnreadableRecord(RecordPosition position, String source, String symbol)
    implements Serializable {
  private static final String UNKNOWN = "unknown";

  /** Of names that may be null. */
  static UnreadableRecord of(RecordPosition position, String source, String symbol) {
    return new UnreadableRecord(
        position, source == null ? UNKNOWN : source, symbol == null ? UNKNOWN : symbol);
  }
}
