package io.marketstream.auditor.report;

import java.io.Serializable;

/**
 * The account: {@code delivered = stored + inGaps + rejected + unexplained}, each tick once.
 *
 * @param delivered ticks written to sockets; where nobody recorded that, the numbers that sessions
 *     are known to have reached
 * @param stored of these, rows of {@code ticks}
 * @param inGaps of these, no rows and explained by gaps
 * @param rejected of these, no rows and rejected by the job
 * @param candlesChecked rows of {@code candles} that were compared
 * @param candlesNotChecked those whose ticks came in an order that is not known
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
