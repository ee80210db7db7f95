package io.marketstream.auditor.evidence;

import io.marketstream.model.GapCause;
import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A gap, as its record and its row have it.
 *
 * @param symbol {@code *} for every symbol of the source
 * @param start epoch ms
 * @param end epoch ms; null while it is open
 * @param sessionAfter null if it is not known
 * @param firstMissing the first number of {@code sessionBefore} that may be missing
 * @param dropped how many ticks the connector itself dropped; null if it dropped none
 */
public record Gap(
    String symbol,
    String cause,
    long start,
    @Nullable Long end,
    long sessionBefore,
    @Nullable Long sessionAfter,
    long firstMissing,
    @Nullable Long dropped)
    implements Serializable {

  private static final String OVERFLOW = GapCause.OVERFLOW.name();

  public boolean concernsAll() {
    return symbol.equals(SymbolKey.ALL);
  }

  /** Whether the connector dropped ticks of a session that continued. */
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
