package io.marketstream.pipeline.faults;

import io.marketstream.pipeline.RealComponents;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Three brokers, three Cassandra nodes, two workers with the timeouts of connect-configs/, the job
 * on two executors. Members go away one at a time.
 */
final class Clustered implements SeasonKind {

  /** A dozen and more JVMs on two cores: it is the members that are tested here, not the rate. */
  private static final FeedRates RATES = new FeedRates(300, 100);

  private final Random members;

  /**
   * @param seed decides which of three a fault strikes
   */
  Clustered(long seed) {
    members = new Random(seed);
  }

  @Override
  public String name() {
    return "clusters";
  }

  @Override
  public RealComponents components(Path home) {
    return RealComponents.clustered(home);
  }

  @Override
  public FeedRates rates() {
    return RATES;
  }

  @Override
  public List<FaultGroup> faults(RunningPipeline pipeline) {
    ClusterFaults faults = new ClusterFaults(pipeline.components, pipeline.cassandra(), members);
    faults.awaitWhole();
    return List.of(
        new FaultGroup("broker of three", 2, faults.ofBrokers()),
        new FaultGroup("Cassandra node of three", 2, faults.ofNodes()),
        new FaultGroup("driver and executors", 2, faults.ofSpark()),
        new FaultGroup("worker of two", 3, faults.ofWorkers()),
        new FaultGroup("connector of two workers", 1, faults.ofConnectors()));
  }
}
