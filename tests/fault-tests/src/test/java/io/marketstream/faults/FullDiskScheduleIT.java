package io.marketstream.faults;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Disks run full under load and are freed; what ended is started again, as its operator would.
 * Mounting a small disk needs root: elsewhere the test is skipped.
 */
@Tag("faults")
class FullDiskScheduleIT {
  private static final int ROUNDS = Integer.getInteger("marketstream.faults.full-disk", 5);

  @Test
  void everyTickIsAccountedForWhicheverDiskIsFull() throws Exception {
    new SeasonRunner().play(ROUNDS, List.of(new SmallDisks()));
  }
}
