package io.marketstream.faults;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Faults of every part of a pipeline whose job runs in real-time mode. */
@Tag("faults")
class RealTimeScheduleIT {
  private static final int FAULTS = Integer.getInteger("marketstream.faults.real-time", 20);

  @Test
  void everyTickIsExplained(TestReporter reporter) throws Exception {
    new FaultRuns(reporter).inject(FAULTS, List.of(new RealTime()));
  }
}
