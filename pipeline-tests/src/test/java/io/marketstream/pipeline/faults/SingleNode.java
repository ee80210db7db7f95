package io.marketstream.pipeline.faults;

import io.marketstream.pipeline.RealComponents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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
  public List<FaultGroup> faults(RunningPipeline pipeline) {
    RealComponents parts = pipeline.components;
    return List.of(
        new FaultGroup("feed", 5, new FaultsOfFeeds(pipeline).all()),
        new FaultGroup("connector", 1, new FaultsOfConnectors(pipeline).all()),
        shippedWorker
            ? new FaultGroup("worker as shipped", 1, shippedWorkerFaults(parts))
            : new FaultGroup("worker", 1, FaultsOfComponents.of("worker", parts.connect)),
        new FaultGroup("broker", 1, FaultsOfComponents.of("broker", parts.kafka)),
        new FaultGroup("job", 1, FaultsOfComponents.of("job", parts.job)),
        new FaultGroup("Cassandra", 1, FaultsOfComponents.of("Cassandra", parts.cassandra)));
  }

  private static List<Fault> shippedWorkerFaults(RealComponents parts) {
    String worker = "worker, session 60 s";
    return List.of(
        FaultsOfComponents.killed(worker, parts.connect),
        FaultsOfComponents.frozen(worker, parts.connect, Duration.ofSeconds(30)),
        FaultsOfComponents.frozen(worker, parts.connect, Duration.ofSeconds(90)));
  }
}
