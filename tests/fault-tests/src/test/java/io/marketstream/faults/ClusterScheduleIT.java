package io.marketstream.faults;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The schedule of faults on clusters: rows go on to arrive while a member is away. */
@Tag("faults")
class ClusterScheduleIT {
  private static final int ROUNDS = Integer.getInteger("marketstream.faults.cluster", 5);

  @Test
  void everyTickIsAccountedForWhicheverMemberIsAway() throws Exception {
    new SeasonRunner().play(ROUNDS, List.of(new Clustered()));
  }
}
