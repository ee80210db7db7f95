package io.marketstream.faults;

import io.marketstream.pipeline.FeedRates;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TestStack;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Three brokers, three Cassandra nodes, two workers with the timeouts of connect-configs/, and the
 * job on two executors. One member at a time is away.
 */
final class Clustered implements Topology {

  /** Low, because more than a dozen JVMs may share two cores. */
  private static final FeedRates RATES = new FeedRates(280, 80, 40);

  @Override
  public String name() {
    return "clusters";
  }

  @Override
  public TestStack stack(Path home) {
    return TestStack.clustered(home).build();
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
  public Map<String, List<Fault>> faults(TestPipeline pipeline, Random members) {
    ClusterNemesis nemesis = new ClusterNemesis(pipeline, members);
    nemesis.awaitWhole();
    return Map.of(
        "broker of three",
        nemesis.ofBrokers(),
        "Cassandra node of three",
        nemesis.ofNodes(),
        "driver and executors",
        new SparkNemesis(pipeline.stack, members).all(),
        "worker of two",
        nemesis.ofWorkers(),
        "connector of two workers",
        nemesis.ofConnectors());
  }
}
