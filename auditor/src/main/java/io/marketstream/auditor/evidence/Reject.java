package io.marketstream.auditor.evidence;

import java.io.Serializable;

/**
 * A reject of the job, which names the record that it is about.
 *
 * @param symbol of the tick; null if the rejected text does not name one
 * @param id of the tick among those of its symbol; null if the rejected text does not name one
 * @param eventTime of the tick, epoch ms; null if the rejected text does not name one
 * @param isJustified whether something is wrong with the record
 */
public record Reject(
    String symbol,
    TickId id,
    Long eventTime,
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
