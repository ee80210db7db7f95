package io.marketstream.auditor.evidence;

import io.marketstream.model.GapCause;
import java.io.Serializable;
import java.time.Instant;

/**
 * A gap of the ledger.
 *
 * @param symbol {@code *} for every symbol of the source
 * @param start epoch ms
 * @param end epoch ms; null while it is open
 * @param sessionAfter null where unknown
 * @param firstMissing the first number of {@code sessionBefore} that may be missing
 * @param dropped how many ticks the connector itself dropped; null where it did not
 */
public record Gap(
    String symbol,
    String cause,
    long start,
    Long end,
    long sessionBefore,
    Long sessionAfter,
    long firstMissing,
    Long dropped)
    implements Serializable {

  private static final String OVERFLOW = GapCause.OVERFLOW.name();

  public boolean concernsAll() {
    return symbol.equals(SymbolKey.ALL);
  }

  /** Whether the connector dropped ticks of a session that went on. */
  public boolean isOverflow() {
    return cause.equals(OVERFLOW);
  }

  @Override
  public String toString() {
    return cause
        + " of "
        + symbol
        + " "
        + Instant.ofEpochMilli(start)
        + " to "
        + (end == null ? "open" : Instant.ofEpochMilli(end))
        + ", session "
        + sessionBefore
        + " from "
        + firstMissing
        + (dropped == null ? "" : ", dropped " + dropped)
        + ", next session "
        + sessionAfter;
  }
}
