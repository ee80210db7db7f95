package io.marketstream.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.benchmarks.contender.FloodedFeed;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Notices changes that make the pipeline slow, in every CI run. It compares with the bare loop and
 * with the driver alone, at the same time on the same machine. It fails only if a figure is far
 * from that in docs/performance.md.
 */
@Tag("bench-smoke")
class BenchSmokeIT {
  private static final long TRADES = 400_000;
  private static final long TICKS = 100_000;
  private static final int SYMBOLS = 50;

  @Test
  void connectorAndJobAreNotFarSlowerThanPublished() throws Exception {
    try (BenchStores stores = BenchStores.start()) {
      connector(stores);
      job(stores);
    }
  }

  private static void connector(BenchStores stores) throws Exception {
    Flood.Plan plan = Flood.Plan.of(FloodedFeed.FINNHUB, SYMBOLS, 10, TRADES);
    // Otherwise the bare loop would be measured on a cold broker.
    bareLoop(stores, Flood.Plan.of(FloodedFeed.FINNHUB, SYMBOLS, 10, TRADES / 4), "warm-up");
    CopyRun bare = bareLoop(stores, plan, "bare-loop");
    CopyRun ours;
    try (Flood flood = Flood.start(stores.home, plan)) {
      ours =
          CopyRun.ofConnector(
              stores.home, stores.kafka, flood, "market-stream", CopyRun.Setup.shipped());
    }
    double rate = ours.perSecond() / bare.perSecond();
    double cpu = ours.cpuMicros() / bare.cpuMicros();
    System.out.printf("bench smoke: connector / bare loop: rate %.2f, CPU %.2f%n", rate, cpu);
    assertThat(rate).as("ticks/s of the connector, of those of the bare loop").isGreaterThan(0.2);
    assertThat(cpu).as("CPU per tick of the connector, of that of the bare loop").isLessThan(5);
  }

  private static CopyRun bareLoop(BenchStores stores, Flood.Plan plan, String name)
      throws Exception {
    try (Flood flood = Flood.start(stores.home, plan)) {
      return CopyRun.ofBareLoop(stores.home, stores.kafka, flood, name);
    }
  }

  private static void job(BenchStores stores) throws Exception {
    long begin =
        Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS).toEpochMilli();
    String topic = stores.newTopic();
    TickSet published = BenchLoad.fill(stores, topic, TICKS, SYMBOLS, begin);
    double limit = LimitRun.of(stores, 50, TICKS, SYMBOLS, begin).rowsPerSecond();
    try (CqlSession session = stores.cassandra.session();
        BenchRun run = new BenchRun(stores, Contender.MARKET_STREAM, topic).start()) {
      Completion completion = new Completion(session, run);
      long end = completion.awaitLatest(published);
      completion.awaitTicks(published);
      completion.awaitCandles(published);
      double rate = TICKS * 1000.0 / (end - run.startedAt()) / limit;
      System.out.printf("bench smoke: job / driver alone: rate %.2f%n", rate);
      assertThat(rate).as("rows/s of the job, of those of the driver alone").isGreaterThan(0.08);
    }
  }
}
