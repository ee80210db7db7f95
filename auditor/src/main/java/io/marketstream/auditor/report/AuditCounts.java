package io.marketstream.auditor.report;

import java.io.Serializable;

/**
 * The counts of an audit: {@code delivered = stored + inGaps + rejected + unexplained}. Each tick
 * counts once.
 *
 * @param delivered ticks written to sockets; without a journal, the numbers that the sessions are
 *     known to have reached
 * @param stored delivered ticks with a row in {@code ticks}
 * @param inGaps delivered ticks without a row that a gap explains
 * @param rejected delivered ticks without a row that the job rejected
 * @param candlesChecked rows of {@code candles} that were compared
 * @param candlesNotChecked rows of {@code candles} that were not compared, because the order of
 *     their ticks is not known
 * @param repeatedIds ticks with a trade id that another tick of the symbol has, for example one
 *     that came live and by repair; they are not findings
 * @param venueTrades trades of the venue that were compared with ticks
 */
public record AuditCounts(
    long delivered,
    long stored,
    long inGaps,
    long rejected,
    long candlesChecked,
    long candlesNotChecked,
    long repeatedIds,
    long venueTrades)
    implements Serializable {
  public static final AuditCounts NONE = new AuditCounts(0, 0, 0, 0, 0, 0);

  /** Counts of candles and ticks, without trade ids. */
  public AuditCounts(
      long delivered,
      long stored,
      long inGaps,
      long rejected,
      long candlesChecked,
      long candlesNotChecked) {
    this(delivered, stored, inGaps, rejected, candlesChecked, candlesNotChecked, 0, 0);
  }

  /**
   * Returns the counts of a check of trade ids.
   *
   * @param missing trades that nothing explains; they were delivered by the venue
   */
  public static AuditCounts ofTradeIds(long missing, long repeatedIds) {
    return new AuditCounts(missing, 0, 0, 0, 0, 0, repeatedIds, 0);
  }

  /** Returns the counts of a comparison with a venue. */
  public static AuditCounts ofVenueTrades(long compared) {
    return new AuditCounts(0, 0, 0, 0, 0, 0, 0, compared);
  }

  public long unexplained() {
    return delivered - stored - inGaps - rejected;
  }

  public AuditCounts plus(AuditCounts other) {
    return new AuditCounts(
        delivered + other.delivered,
        stored + other.stored,
        inGaps + other.inGaps,
        rejected + other.rejected,
        candlesChecked + other.candlesChecked,
        candlesNotChecked + other.candlesNotChecked,
        repeatedIds + other.repeatedIds,
        venueTrades + other.venueTrades);
  }
}
