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
 */
public record AuditCounts(
    long delivered,
    long stored,
    long inGaps,
    long rejected,
    long candlesChecked,
    long candlesNotChecked)
    implements Serializable {
  public static final AuditCounts NONE = new AuditCounts(0, 0, 0, 0, 0, 0);

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
        candlesNotChecked + other.candlesNotChecked);
  }
}
