package io.marketstream.faults;

import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.pipeline.FedPipeline;
import io.marketstream.pipeline.PipelineAudit;
import io.marketstream.pipeline.RealComponents;
import io.marketstream.simulator.CoinCapSimulator;
import io.marketstream.simulator.FeedFaults;
import io.marketstream.simulator.FeedSimulator;
import io.marketstream.simulator.FinnhubSimulator;
import io.marketstream.simulator.SlowReaders;
import io.marketstream.simulator.market.MarketHours;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The pipeline of a fault run, fed by simulators in this JVM. Not safe for several threads. */
final class RunningPipeline implements AutoCloseable {
  static final List<String> SYMBOLS =
      List.of(
          "AAPL",
          "MSFT",
          "NVDA",
          "AMZN",
          "TSLA",
          "SPY",
          "BRK.B",
          "BINANCE:BTCUSDT",
          "BINANCE:ETHUSDT",
          "IC MARKETS:1");
  private static final String ASSETS = "bitcoin,ethereum,tether,solana,xrp,monero";
  private static final List<String> SOURCES =
      List.of(RealComponents.FINNHUB, RealComponents.COINCAP);

  /** Short enough for a run to have several opening and closing auctions. */
  private static final Duration TRADING_DAY = Duration.ofMinutes(2);

  /** Of one step; a worker that died with the shipped timeouts is missed for more than a minute. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  /** What the next fault waits for, but no longer than a machine with other work may need. */
  private static final Duration CAUGHT_UP = Duration.ofSeconds(10);

  private static final Duration CATCHING_UP = Duration.ofSeconds(60);

  /** How late a trade of the faults may be: also later than candles stay open. */
  static final Duration LATEST = Duration.ofMinutes(10);

  /** A job that is later than this after {@link #CATCHING_UP} does not keep up with the feeds. */
  private static final Duration TOO_LATE = Duration.ofMinutes(2);

  /**
   * A stalled feed is noticed, and a feed that refuses a dozen times is asked again, within seconds
   * rather than minutes.
   */
  private static final Map<String, String> IMPATIENT =
      Map.of("idle.timeout.ms", "5000", "reconnect.backoff.max.ms", "4000");

  final RealComponents components;
  final FinnhubSimulator finnhub;
  final CoinCapSimulator coincap;
  final FeedRates rates;
  private final FedPipeline fed;
  private ArrivingTicks ticks;

  RunningPipeline(RealComponents components, FeedRates rates, long seed) {
    this.components = components;
    this.rates = rates;
    fed =
        new FedPipeline(
            components,
            FinnhubSimulator.builder().hours(MarketHours.everyDayLasting(TRADING_DAY)),
            rates.finnhub(),
            rates.coincap(),
            seed);
    finnhub = fed.finnhub;
    coincap = fed.coincap;
  }

  /** Returns once rows of both feeds can be read. */
  RunningPipeline start() throws IOException {
    fed.start(String.join(",", SYMBOLS), ASSETS, IMPATIENT);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptions()
        .until(fed::hasStoredOffsets);
    ticks = new ArrivingTicks(fed.cassandra(), SOURCES);
    awaitRowsOfBothFeedsSince(Instant.EPOCH);
    return this;
  }

  /** Until a tick of each feed that was received after the moment can be read. */
  void awaitRowsOfBothFeedsSince(Instant moment) {
    ticks.awaitOfAllSince(moment, PATIENCE);
  }

  /** Until the job has worked off what the last fault kept from it, or most of it. */
  void awaitKeepingUp() {
    Instant enough = Instant.now().plus(CATCHING_UP);
    await("rows of the last " + TOO_LATE.toSeconds() + " s: does the job keep up?")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptions()
        .until(() -> behind().compareTo(Instant.now().isBefore(enough) ? CAUGHT_UP : TOO_LATE) < 0);
  }

  /** How old the newest row of the slower feed is. */
  Duration behind() {
    Instant now = Instant.now();
    return SOURCES.stream()
        .map(source -> Duration.between(ticks.newest(source), now))
        .max(Duration::compareTo)
        .orElseThrow();
  }

  /** Until the feed was connected to again. */
  void awaitAnotherConnection(FeedSimulator feed, long connectionsBefore) {
    await("another connection to " + feed.url())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> feed.connectionCount() > connectionsBefore && feed.connected() > 0);
  }

  /**
   * Ends what a failed fault may have left behind: nothing is frozen, down, paused or
   * refused any more. A disk is freed by its fault.
   */
  void heal() {
    for (FeedSimulator feed : List.of(finnhub, coincap)) {
      FeedFaults faults = feed.faults();
      faults.stopFlapping();
      faults.repeatMessages(1);
      faults.healHandshakes();
      faults.acceptConnections();
      faults.slowReaders(SlowReaders.KEPT);
      faults.resume();
      feed.resumeSending();
    }
    finnhub.faults().acceptSubscriptions();
    finnhub.faults().delayTicks(Duration.ZERO);
    finnhub.faults().lateTicks(0, LATEST);
    finnhub.faults().clockSkew(Duration.ZERO);
    components.revive();
    for (String connector : List.of(FedPipeline.FINNHUB_CONNECTOR, FedPipeline.COINCAP_CONNECTOR)) {
      await(connector + " to be resumed")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          .ignoreExceptions() // a worker that has just started hands out its tasks
          .until(
              () -> {
                components.connect.rest().resume(connector);
                return true;
              });
    }
  }

  /** Sends nothing more, and waits until the job has written what was under way. */
  void drain() {
    fed.pauseSending();
    Map<String, Instant> newest = new HashMap<>();
    await("the job to be done")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(5))
        .ignoreExceptions()
        .until(
            () -> {
              Map<String, Instant> before = Map.copyOf(newest);
              SOURCES.forEach(source -> newest.put(source, ticks.newest(source)));
              return newest.equals(before);
            });
  }

  /** With the keyspace chosen; the pipeline closes it. */
  CqlSession cassandra() {
    return fed.cassandra();
  }

  PipelineAudit audit() {
    return fed.audit();
  }

  /** Ticks that were written to sockets. */
  long delivered() {
    return fed.sent();
  }

  @Override
  public void close() {
    fed.close();
  }
}
