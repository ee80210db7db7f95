package io.marketstream.faults;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Disks that fill up under load and are freed again. The test starts a component that ended, as its
 * operator would. Mounting a small disk needs root; without root the test is skipped.
 */
@Tag("faults")
class FullDiskScheduleIT {
  private static final int FAULTS = Integer.getInteger("marketstream.faults.full-disk", 5);

  @Test
  void everyTickIsExplained(TestReporter reporter) throws Exception {
    new FaultRuns(reporter).inject(FAULTS, List.of(new SmallDisks()));
  }
}
