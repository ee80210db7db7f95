package io.marketstream.auditor.report;

import java.util.Locale;

/** The verdict on one day of one symbol, from the best to the worst. */
public enum DayState {
  /** Every tick is there, and no gap touches the day. */
  COMPLETE,
  /** Something is missing, and a gap or a reject explains it. */
  DEGRADED,
  /** Something is missing or wrong without explanation, or the gap is as long as the day. */
  MISSING;

  /** The value of the column {@code state}. */
  public String stored() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the verdict on a time of {@code lengthMs} milliseconds. */
  public static DayState of(AuditReport report, long lengthMs) {
    GapTotals gaps = report.gaps();
    if (!report.isClean() || gaps.millis() >= lengthMs) {
      return MISSING;
    }
    boolean isWhole =
        gaps.millis() == 0
            && gaps.dropped() == 0
            && report.counts().inGaps() == 0
            && report.counts().rejected() == 0;
    return isWhole ? COMPLETE : DEGRADED;
  }
}
