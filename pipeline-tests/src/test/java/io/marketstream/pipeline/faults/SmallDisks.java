package io.marketstream.pipeline.faults;

import io.marketstream.pipeline.RealComponents;
import java.nio.file.Path;
import java.util.List;

/** One of each, with the data of broker, Cassandra and checkpoint on small disks. */
final class SmallDisks implements SeasonKind {

  /** What the disks hold of a whole season. */
  private static final FeedRates RATES = new FeedRates(300, 100);

  private DiskFaults disks;

  @Override
  public String name() {
    return "single node on small disks";
  }

  @Override
  public RealComponents components(Path home) {
    disks = DiskFaults.in(home);
    return new RealComponents(home);
  }

  @Override
  public FeedRates rates() {
    return RATES;
  }

  @Override
  public List<FaultGroup> faults(RunningPipeline pipeline) {
    return List.of(new FaultGroup("disk", 3, disks.of(pipeline.components)));
  }

  @Override
  public void ended() {
    if (disks != null) {
      disks.close();
      disks = null;
    }
  }
}
