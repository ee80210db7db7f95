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
 * @param firstMissingId the venue's id of the first missing trade; null if it is not known
 * @param lastMissingId the same for the last one
 * @param repairedAt epoch ms at which every missing trade was there or known to be absent; null if
 *     that has not happened
 */
public record Gap(
    String symbol,
    String cause,
    long start,
    @Nullable Long end,
    long sessionBefore,
    @Nullable Long sessionAfter,
    long firstMissing,
    @Nullable Long dropped,
    @Nullable String firstMissingId,
    @Nullable String lastMissingId,
    @Nullable Long repairedAt)
    implements Serializable {

  /** A restart may have opened a repaired gap again: it then has a later end. */
  public Gap {
    if (repairedAt != null && (end == null || repairedAt < end)) {
      repairedAt = null;
    }
  }

  /** A gap of which no trade ids are known. */
  public Gap(
      String symbol,
      String cause,
      long start,
      @Nullable Long end,
      long sessionBefore,
      @Nullable Long sessionAfter,
      long firstMissing,
      @Nullable Long dropped) {
    this(
        symbol,
        cause,
        start,
        end,
        sessionBefore,
        sessionAfter,
        firstMissing,
        dropped,
        null,
        null,
        null);
  }

  private static final String OVERFLOW = GapCause.OVERFLOW.name();
  private static final String ABSENT_AT_VENUE = GapCause.ABSENT_AT_VENUE.name();
  private static final String TASK_RESTART = GapCause.TASK_RESTART.name();

  public boolean concernsAll() {
    return symbol.equals(SymbolKey.ALL);
  }

  /** Whether the connector dropped ticks of a session that continued. */
  public boolean isOverflow() {
    return cause.equals(OVERFLOW);
  }

  /**
   * Whether it names trades that the venue's history lacks or describes in an unusable form. It
   * then belongs to a gap that was repaired, and says nothing about connections or sequences.
   */
  public boolean isAbsentAtVenue() {
    return cause.equals(ABSENT_AT_VENUE);
  }

  /** Whether every trade is there, or absent from the venue's history. */
  public boolean isRepaired() {
    return repairedAt != null;
  }

  /**
   * Returns this gap as it was known at a time, epoch ms. A repair that had not ended by then was
   * not known, and its ticks may be on their way.
   */
  public Gap asOf(long time) {
    return repairedAt == null || repairedAt < time
        ? this
        : new Gap(
            symbol,
            cause,
            start,
            end,
            sessionBefore,
            sessionAfter,
            firstMissing,
            dropped,
            firstMissingId,
            lastMissingId,
            null);
  }

  /** Whether it names its first and its last missing trade. */
  public boolean namesTradeIds() {
    return TradeNumber.of(firstMissingId) != TradeNumber.NONE
        && TradeNumber.of(lastMissingId) != TradeNumber.NONE;
  }

  /**
   * Whether another gap of the symbol was repaired after this one began. This gap then explains
   * none of the other's ids. After a kill the gap of the restart has the ids of an older gap too,
   * and only one of the two is marked as repaired.
   */
  public boolean isBeforeRepairOf(Gap other) {
    return repairedAt == null
        && other.repairedAt != null
        && other.repairedAt > start
        && other.symbol.equals(symbol)
        && !other.isAbsentAtVenue()
        && other.namesTradeIds();
  }

  /** Whether all of its trades were there when another gap was repaired. */
  public boolean isRepairedBy(Gap other) {
    return isBeforeRepairOf(other)
        && namesTradeIds()
        && TradeNumber.of(other.firstMissingId) <= TradeNumber.of(firstMissingId)
        && TradeNumber.of(other.lastMissingId) >= TradeNumber.of(lastMissingId);
  }

  /** Whether the task was not running, so that it may have begun again behind its last ticks. */
  public boolean isTaskRestart() {
    return cause.equals(TASK_RESTART);
  }

  /**
   * Returns this gap after a later record of it. A record writes only the columns that it has, so
   * the last one of each column counts.
   */
  public Gap with(Gap later) {
    return new Gap(
        symbol,
        later.cause,
        start,
        or(later.end, end),
        sessionBefore,
        or(later.sessionAfter, sessionAfter),
        firstMissing,
        or(later.dropped, dropped),
        or(later.firstMissingId, firstMissingId),
        or(later.lastMissingId, lastMissingId),
        or(later.repairedAt, repairedAt));
  }

  private static <T> @Nullable T or(@Nullable T value, @Nullable T otherwise) {
    return value == null ? otherwise : value;
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
        + sessionAfter
        + (firstMissingId == null ? "" : ", trade ids from " + firstMissingId)
        + (lastMissingId == null ? "" : ", trade ids to " + lastMissingId)
        + (repairedAt == null ? "" : ", repaired at " + Instant.ofEpochMilli(repairedAt));
  }
}
