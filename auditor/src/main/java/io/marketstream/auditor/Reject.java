package io.marketstream.auditor;

import java.util.Optional;

/**
 * A reject that names the record it is about: one of the job.
 *
 * @param symbol of the tick; null where the rejected text does not tell
 * @param id of the tick among those of its symbol; null where the rejected text does not tell
 */
public record Reject(String symbol, TickId id, TopicPlace place, String reason, String detail) {

  /** Which tick of the symbol its text names, if any: every symbol has the same numbers. */
  Optional<TickId> tickOf(String ofSymbol) {
    return ofSymbol.equals(symbol) ? Optional.ofNullable(id) : Optional.empty();
  }

  @Override
  public String toString() {
    return reason + " at " + place + ": " + detail;
  }
}
