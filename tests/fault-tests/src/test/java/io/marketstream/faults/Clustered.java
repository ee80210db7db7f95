package io.marketstream.faults;

import io.marketstream.pipeline.RealComponents;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Three brokers, three Cassandra nodes, two workers with the timeouts of connect-configs/, the job
 * on two executors. Members go away one at a time.
 */
final class Clustered implements SeasonKind {

  /** A dozen and more JVMs on two cores: it is the members that are tested here, not the rate. */
  private static final FeedRates RATES = new FeedRates(300, 100);

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
  public List<FaultShare> cycle() {
    return List.of(
        new FaultShare("broker of three", 2),
        new FaultShare("Cassandra node of three", 2),
        new FaultShare("driver and executors", 2),
        new FaultShare("worker of two", 3),
        new FaultShare("connector of two workers", 1));
  }

  @Override
  public Map<String, List<Fault>> faults(RunningPipeline pipeline, Random members) {
    ClusterFaults faults = new ClusterFaults(pipeline.components, pipeline.cassandra(), members);
    faults.awaitWhole();
    return Map.of(
        "broker of three",
        faults.ofBrokers(),
        "Cassandra node of three",
        faults.ofNodes(),
        "driver and executors",
        faults.ofSpark(),
        "worker of two",
        faults.ofWorkers(),
        "connector of two workers",
        faults.ofConnectors());
  }
}
