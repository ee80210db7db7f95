package io.marketstream.spark.record;

import org.jspecify.annotations.Nullable;

/**
 * A record of the gaps topic: an interval in which the connector may have missed ticks of a symbol.
 *
 * <p>A gap is published when it is noticed (open) and again when it has ended (closed). Both
 * records have the same identity: source, symbol, gapStart, sessionBefore and firstMissing.
 *
 * @param at position of the record in Kafka
 * @param source the feed
 * @param symbol {@code *} for every symbol of the source
 * @param cause why there is a gap, in upper case
 * @param gapStart epoch ms, never later than the true start
 * @param gapEnd epoch ms; null in an open record
 * @param sessionBefore the session of the last tick before the gap
 * @param sessionAfter the session that ended the gap; null if not known
 * @param firstMissing the first sequence that may be missing
 * @param dropped exact number of dropped ticks; null if not known
 * @param detail free text; null if there is none
 * @param firstMissingId the venue's id of the first missing trade; null if it is not known
 * @param lastMissingId the same for the last one
 * @param repairedAt epoch ms at which every missing trade was there or known to be absent; null if
 *     that has not happened
 */
public record Gap(
    RecordPosition at,
    String source,
    String symbol,
    String cause,
    long gapStart,
    @Nullable Long gapEnd,
    long sessionBefore,
    @Nullable Long sessionAfter,
    long firstMissing,
    @Nullable Long dropped,
    @Nullable String detail,
    @Nullable String firstMissingId,
    @Nullable String lastMissingId,
    @Nullable Long repairedAt)
    implements MarketRecord {

  /** A gap of which no trade ids are known. */
  public Gap(
      RecordPosition at,
      String source,
      String symbol,
      String cause,
      long gapStart,
      @Nullable Long gapEnd,
      long sessionBefore,
      @Nullable Long sessionAfter,
      long firstMissing,
      @Nullable Long dropped,
      @Nullable String detail) {
    this(
        at,
        source,
        symbol,
        cause,
        gapStart,
        gapEnd,
        sessionBefore,
        sessionAfter,
        firstMissing,
        dropped,
        detail,
        null,
        null,
        null);
  }
}
