package io.marketstream.faults;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A random schedule of faults, from a seed, strikes every part of the pipeline of one node each
 * while both feeds run; then the audit asks whether each tick that was written to a socket is
 * accounted for.
 */
@Tag("extended")
@Tag("faults")
@Execution(ExecutionMode.SAME_THREAD)
class FaultScheduleIT {
  private static final int ROUNDS = Integer.getInteger("marketstream.faults.single-node", 20);

  @Test
  void everyTickIsAccountedForWhateverStrikes() throws Exception {
    new SeasonRunner().play(ROUNDS, List.of(new SingleNode(false), new SingleNode(true)));
  }
}
