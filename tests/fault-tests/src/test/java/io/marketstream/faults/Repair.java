package io.marketstream.faults;

import static org.awaitility.Awaitility.await;

import io.marketstream.pipeline.TestPipeline;
import io.marketstream.simulator.fault.SlowReaders;
import io.marketstream.simulator.server.FeedFaults;
import io.marketstream.simulator.server.FeedSimulator;
import java.time.Duration;

/**
 * Repairs a pipeline after a fault that failed and did not end. A full disk is freed by its fault.
 */
final class Repair {
  private Repair() {}

  /**
   * Ends all faults of the feeds, resumes or starts every component, and resumes the connectors.
   */
  static void of(TestPipeline pipeline, Duration timeout) {
    for (FeedSimulator feed : pipeline.feeds()) {
      FeedFaults faults = feed.faults();
      faults.stopFlapping();
      faults.repeatMessages(1);
      faults.healHandshakes();
      faults.acceptConnections();
      faults.slowReaders(SlowReaders.KEPT);
      faults.resume();
      feed.resumeSending();
    }
    pipeline.finnhub.faults().acceptSubscriptions();
    pipeline.finnhub.faults().delayTicks(Duration.ZERO);
    pipeline.finnhub.faults().lateTicks(0, FeedNemesis.MAX_LATENESS);
    pipeline.finnhub.faults().clockSkew(Duration.ZERO);
    if (pipeline.coinbase != null) {
      pipeline.coinbase.healRest();
      pipeline.coinbase.delayVisibility(Duration.ZERO);
      TestPipeline.PRODUCTS.forEach(pipeline.coinbase::resumeTrading);
    }
    pipeline.stack.revive();
    for (String connector : pipeline.connectors()) {
      await(connector + " is resumed")
          .atMost(timeout)
          .pollInterval(Duration.ofSeconds(1))
          .ignoreExceptions() // a worker refuses changes while its group rebalances
          .until(
              () -> {
                pipeline.stack.connect.rest().resume(connector);
                return true;
              });
    }
  }
}
