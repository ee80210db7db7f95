package io.marketstream.api.market;

import io.marketstream.model.GapCause;
import java.math.BigInteger;
import java.util.regex.Pattern;
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
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,19}");

  /**
   * Whether nothing is missing in it any more. This includes the trades that the venue's own
   * history lacks: their record has {@code repairedAt} too.
   */
  public boolean isRepaired() {
    return repairedAt != null;
  }

  /**
   * Whether all of its trades were there when another gap was repaired. After a kill, the gap of
   * the restart has the trades of an older gap too, and only one of the two has {@code repairedAt}.
   */
  boolean isRepairedBy(Gap other) {
    return repairedAt == null
        && other.repairedAt != null
        && other.repairedAt > start
        && other.symbol.equals(symbol)
        && !other.cause.equals(GapCause.ABSENT_AT_VENUE.name())
        && isAtMost(other.firstMissingId, firstMissingId)
        && isAtMost(firstMissingId, lastMissingId)
        && isAtMost(lastMissingId, other.lastMissingId);
  }

  private static boolean isAtMost(@Nullable String id, @Nullable String bound) {
    return id != null
        && bound != null
        && NUMBER.matcher(id).matches()
        && NUMBER.matcher(bound).matches()
        && new BigInteger(id).compareTo(new BigInteger(bound)) <= 0;
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
