package io.marketstream.auditor.cluster;

import io.marketstream.auditor.evidence.RecordPosition;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A record in a topic of ticks that is not a tick.
 *
 * @param source the source in the record, or {@code unknown}
 * @param symbol the symbol in the record, or {@code unknown}
 */
public record UnreadableRecord(RecordPosition position, String source, String symbol)
    implements Serializable {
  private static final String UNKNOWN = "unknown";

  /** Creates a record from names that may be null. */
  static UnreadableRecord of(
      RecordPosition position, @Nullable String source, @Nullable String symbol) {
    return new UnreadableRecord(
        position, source == null ? UNKNOWN : source, symbol == null ? UNKNOWN : symbol);
  }
}
