package io.marketstream.auditor.report;

import java.util.Locale;

/** The verdict on one day of one symbol, from the best to the worst. */
public enum DayState {
  /** Every tick is there, and nothing kept the feed from delivering. */
  COMPLETE,
  /** Something is missing, and a gap or reject says what. */
  DEGRADED,
  /** Something is missing or wrong, and nothing says why; or the gap is as long as the day. */
  MISSING;

  /** As the table has it. */
  public String stored() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The verdict on a time of so many milliseconds. */
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
