package io.marketstream.faults;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Faults of single members of clusters. While a member is away, rows must continue to arrive. */
@Tag("faults")
class ClusterScheduleIT {
  private static final int FAULTS = Integer.getInteger("marketstream.faults.cluster", 5);

  @Test
  void everyTickIsExplained(TestReporter reporter) throws Exception {
    new FaultRuns(reporter).inject(FAULTS, List.of(new Clustered()));
  }
}
