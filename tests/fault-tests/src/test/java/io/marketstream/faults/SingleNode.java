package io.marketstream.faults;

import io.marketstream.pipeline.RealComponents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One broker, one worker, one Cassandra node, the job with local[2].
 *
 * @param shippedWorker whether the worker keeps the timeouts of connect-configs/: then a freeze of
 *     30 s leaves it its tasks, one of 90 s costs it its place in the group, and after {@code kill
 *     -9} its successor waits until the group has forgotten it. Otherwise its session is over after
 *     10 s
 */
record SingleNode(boolean shippedWorker) implements SeasonKind {

  /** What two cores hold with everything on one machine, faults and their backlog included. */
  private static final FeedRates RATES = new FeedRates(1_500, 600);

  @Override
  public String name() {
    return shippedWorker ? "single node, worker's timeouts as shipped" : "single node";
  }

  @Override
  public RealComponents components(Path home) {
    return shippedWorker ? RealComponents.withShippedWorker(home) : new RealComponents(home);
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
  public Map<String, List<Fault>> faults(RunningPipeline pipeline, Random members) {
    RealComponents parts = pipeline.components;
    return Map.of(
        "feed",
        new FaultsOfFeeds(pipeline).all(),
        "connector",
        new FaultsOfConnectors(pipeline).all(),
        worker(),
        shippedWorker ? shippedWorkerFaults(parts) : FaultsOfComponents.of("worker", parts.connect),
        "broker",
        FaultsOfComponents.of("broker", parts.kafka),
        "job",
        FaultsOfComponents.of("job", parts.job),
        "Cassandra",
        FaultsOfComponents.of("Cassandra", parts.cassandra));
  }

  /** The faults differ, so the decks do. */
  private String worker() {
    return shippedWorker ? "worker as shipped" : "worker";
  }

  private static List<Fault> shippedWorkerFaults(RealComponents parts) {
    String worker = "worker, session 60 s";
    return List.of(
        FaultsOfComponents.killed(worker, parts.connect),
        FaultsOfComponents.frozen(worker, parts.connect, Duration.ofSeconds(30)),
        FaultsOfComponents.frozen(worker, parts.connect, Duration.ofSeconds(90)));
  }
}
