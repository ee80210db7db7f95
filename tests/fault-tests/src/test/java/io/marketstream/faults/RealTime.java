package io.marketstream.faults;

import io.marketstream.pipeline.FeedRates;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TestStack;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One broker, one worker, one Cassandra node, and the job in real-time mode on a Spark cluster with
 * two executors.
 */
final class RealTime implements Topology {

  /** Half of those of a single node: the job reads each record twice, with two more JVMs. */
  private static final FeedRates RATES = new FeedRates(700, 250, 100);

  /** A fault that comes within an interval makes the job repeat it up to there. */
  private static final String INTERVAL = "15s";

  @Override
  public String name() {
    return "real-time mode";
  }

  @Override
  public TestStack stack(Path home) {
    return TestStack.single(home).withSparkCluster().realTimeJob(INTERVAL).build();
  }

  @Override
  public FeedRates rates() {
    return RATES;
  }

  @Override
  public List<FaultShare> cycle() {
    return List.of(
        new FaultShare("feed", 3),
        new FaultShare("worker", 1),
        new FaultShare("broker", 1),
        new FaultShare("driver", 2),
        new FaultShare("executors", 2),
        new FaultShare("Cassandra", 1));
  }

  @Override
  public Map<String, List<Fault>> faults(TestPipeline pipeline, Random members) {
    TestStack stack = pipeline.stack;
    return Map.of(
        "feed",
        new FeedNemesis(pipeline).all(),
        "worker",
        ProcessNemesis.of("worker", stack.connect),
        "broker",
        ProcessNemesis.of("broker", stack.kafka),
        "driver",
        ProcessNemesis.of("driver", stack.job),
        "executors",
        List.of(new SparkNemesis(stack, members).executorKilled()),
        "Cassandra",
        ProcessNemesis.of("Cassandra", stack.cassandra));
  }
}
