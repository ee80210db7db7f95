package io.marketstream.faults;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Faults of every part of a pipeline with one broker, one worker and one Cassandra node. */
@Tag("extended")
@Tag("faults")
class FaultScheduleIT {
  private static final int FAULTS = Integer.getInteger("marketstream.faults.single-node", 20);

  @Test
  void everyTickIsExplained(TestReporter reporter) throws Exception {
    new FaultRuns(reporter).inject(FAULTS, List.of(new SingleNode(false), new SingleNode(true)));
  }
}
