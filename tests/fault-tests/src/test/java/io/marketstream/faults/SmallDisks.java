package io.marketstream.faults;

import io.marketstream.pipeline.FeedRates;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TestStack;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One of each component, with the data of broker, Cassandra and checkpoint on small disks. */
final class SmallDisks implements Topology {

  /** The ticks of a whole run fit on the disks. */
  private static final FeedRates RATES = new FeedRates(280, 80, 40);

  private DiskNemesis disks;

  @Override
  public String name() {
    return "single node on small disks";
  }

  @Override
  public TestStack stack(Path home) {
    disks = DiskNemesis.in(home);
    return TestStack.single(home).build();
  }

  @Override
  public FeedRates rates() {
    return RATES;
  }

  @Override
  public List<FaultShare> cycle() {
    return List.of(new FaultShare("disk", 3));
  }

  @Override
  public Map<String, List<Fault>> faults(TestPipeline pipeline, Random members) {
    return Map.of("disk", disks.faults(pipeline.stack));
  }

  @Override
  public void ended() {
    if (disks != null) {
      disks.close();
      disks = null;
    }
  }
}
