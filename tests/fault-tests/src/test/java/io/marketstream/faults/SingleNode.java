package io.marketstream.faults;

import io.marketstream.pipeline.FeedRates;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TestStack;
import io.marketstream.pipeline.TestStackBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One broker, one worker, one Cassandra node, and the job with local[2].
 *
 * @param shippedWorker whether the worker has the timeouts of connect-configs/. Then a worker that
 *     is frozen for 30 s keeps its tasks, and one that is frozen for 90 s leaves its group. After
 *     {@code kill -9}, its successor waits for the end of the old session. Otherwise a session
 *     lasts 10 s
 */
record SingleNode(boolean shippedWorker) implements Topology {

  /** What two cores can process with everything on one machine, including faults and backlogs. */
  private static final FeedRates RATES = new FeedRates(1_400, 500, 200);

  @Override
  public String name() {
    return shippedWorker ? "single node, worker's timeouts as shipped" : "single node";
  }

  @Override
  public TestStack stack(Path home) {
    TestStackBuilder stack = TestStack.single(home);
    return shippedWorker ? stack.shippedWorkerTimeouts().build() : stack.build();
  }

  @Override
  public FeedRates rates() {
    return RATES;
  }

  @Override
  public List<FaultShare> cycle() {
    return List.of(
        new FaultShare("feed", 5),
        new FaultShare("connector", 1),
        new FaultShare(worker(), 1),
        new FaultShare("broker", 1),
        new FaultShare("job", 1),
        new FaultShare("Cassandra", 1));
  }

  @Override
  public Map<String, List<Fault>> faults(TestPipeline pipeline, Random members) {
    TestStack stack = pipeline.stack;
    return Map.of(
        "feed",
        new FeedNemesis(pipeline).all(),
        "connector",
        new ConnectorNemesis(pipeline).all(),
        worker(),
        shippedWorker ? shippedWorkerFaults(stack) : ProcessNemesis.of("worker", stack.connect),
        "broker",
        ProcessNemesis.of("broker", stack.kafka),
        "job",
        ProcessNemesis.of("job", stack.job),
        "Cassandra",
        ProcessNemesis.of("Cassandra", stack.cassandra));
  }

  /** The two workers have different faults, so they are two parts for the generator. */
  private String worker() {
    return shippedWorker ? "worker as shipped" : "worker";
  }

  private static List<Fault> shippedWorkerFaults(TestStack stack) {
    String worker = "worker, session 60 s";
    return List.of(
        ProcessNemesis.killed(worker, stack.connect),
        ProcessNemesis.frozen(worker, stack.connect, Duration.ofSeconds(30)),
        ProcessNemesis.frozen(worker, stack.connect, Duration.ofSeconds(90)));
  }
}
