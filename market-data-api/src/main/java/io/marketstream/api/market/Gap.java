package io.marketstream.api.market;

import org.jspecify.annotations.Nullable;

/**
 * An interval in which ticks of a symbol may have been missed.
 *
 * @param symbol {@code *} if it concerns every symbol of the source
 * @param start epoch ms
 * @param end epoch ms; null while it is open
 * @param cause a name of {@link io.marketstream.model.GapCause}, or of a newer version's
 * @param dropped how many ticks the connector dropped; null if it dropped none
 * @param detail text for people; null if there is none
 * @param firstMissingId the venue's id of the first missing trade; null if it is not known
 * @param lastMissingId the same for the last one
 * @param repairedAt epoch ms at which every missing trade was there or known to be absent; null if
 *     that has not happened
 */
public record Gap(
    String source,
    String symbol,
    long start,
    @Nullable Long end,
    String cause,
    long sessionBefore,
    @Nullable Long sessionAfter,
    long firstMissing,
    @Nullable Long dropped,
    @Nullable String detail,
    @Nullable String firstMissingId,
    @Nullable String lastMissingId,
    @Nullable Long repairedAt) {

  /**
   * Whether nothing is missing in it any more. This includes the trades that the venue's own
   * history lacks: their record has {@code repairedAt} too.
   */
  public boolean isRepaired() {
    return repairedAt != null;
  }

  /** A gap of which no trade ids are known. */
  public Gap(
      String source,
      String symbol,
      long start,
      @Nullable Long end,
      String cause,
      long sessionBefore,
      @Nullable Long sessionAfter,
      long firstMissing,
      @Nullable Long dropped,
      @Nullable String detail) {
    this(
        source,
        symbol,
        start,
        end,
        cause,
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
