package io.marketstream.auditor.evidence;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A record that the job rejected.
 *
 * @param symbol of the tick; null if the rejected text has none
 * @param id session and sequence of the tick; null if the rejected text has none
 * @param eventTime of the tick, epoch ms; null if the rejected text has none
 * @param isJustified whether something is wrong with the record
 */
public record Reject(
    @Nullable String symbol,
    @Nullable TickId id,
    @Nullable Long eventTime,
    RecordPosition position,
    String reason,
    String detail,
    boolean isJustified)
    implements Serializable {

  @Override
  public String toString() {
    return reason + " at " + position + ": " + detail;
  }
}
