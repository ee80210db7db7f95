package io.marketstream.auditor.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The time that is compared with a venue. */
class VenueAuditTest {
  private static final long NOW = 1_700_000_000_000L;

  @Test
  void theLastMinuteIsNotCompared() {
    assertThat(VenueAudit.settledUntil(Long.MAX_VALUE, NOW, Long.MAX_VALUE))
        .isEqualTo(NOW - 60_000);
    assertThat(VenueAudit.settledUntil(NOW - 90_000, NOW, NOW)).isEqualTo(NOW - 90_000);
  }

  /** Its progress is in times of receipt, which are later than those of the trades. */
  @Test
  void theLastMinuteOfAJobThatIsBehindIsNotCompared() {
    assertThat(VenueAudit.settledUntil(NOW, NOW, NOW - 300_000)).isEqualTo(NOW - 360_000);
  }

  @Test
  void nothingIsComparedIfTheJobHasReportedNothing() {
    assertThat(VenueAudit.settledUntil(NOW, NOW, Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
  }
}
