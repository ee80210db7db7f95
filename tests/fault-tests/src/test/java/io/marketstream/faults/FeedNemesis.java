package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.embedded.component.Component;
import io.marketstream.embedded.component.ConnectWorker;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TopicContents;
import io.marketstream.simulator.coinbase.CoinbaseSimulator;
import io.marketstream.simulator.fault.HandshakeFault;
import io.marketstream.simulator.fault.HostileFrames;
import io.marketstream.simulator.fault.RawFrame;
import io.marketstream.simulator.fault.SlowReaders;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.market.SimMatch;
import io.marketstream.simulator.server.FeedSimulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Faults of the feeds. A fault that ends a connection is over when the connector has another. */
final class FeedNemesis {

  /**
   * At 100 times the rate this is 25 s of ticks, sent at once. A second would be 100 s of ticks,
   * and would measure the speed of the machine.
   */
  private static final Duration BURST = Duration.ofMillis(250);

  private static final int BURST_FACTOR = 100;

  /** In this time the feed sends far fewer ticks than the burst has, if there is no burst. */
  private static final Duration BURST_TIMEOUT = Duration.ofSeconds(15);

  /** How late a trade may be. Candles close earlier than this. */
  static final Duration MAX_LATENESS = Duration.ofMinutes(10);

  /** The absent ids come so many trades later, within seconds. */
  private static final int ABSENT_AFTER = 50;

  private static final Duration REJECTS_TIMEOUT = Duration.ofSeconds(60);

  /** A reject of a connector. */
  private record Reject(String source, String reason) {}

  private final TestPipeline pipeline;

  FeedNemesis(TestPipeline pipeline) {
    this.pipeline = pipeline;
  }

  List<Fault> all() {
    FinnhubSimulator finnhub = pipeline.finnhub;
    FeedSimulator coincap = pipeline.coincap;
    return List.of(
        new Fault("feed: all reset", this::resetAll),
        new Fault(
            "feed: closed",
            () -> awaitReconnectAfter(finnhub, () -> finnhub.faults().close(1001, "going away"))),
        new Fault(
            "feed: dropped", () -> awaitReconnectAfter(coincap, () -> coincap.faults().drop())),
        new Fault(
            "feed: stalled", () -> awaitReconnectAfter(finnhub, () -> finnhub.faults().stall())),
        new Fault("feed: 12 times 503", () -> refuse(finnhub, 12, HandshakeFault.status(503))),
        new Fault(
            "feed: 5 times 429, Retry-After 2 s",
            () -> refuse(finnhub, 5, HandshakeFault.status(429, Duration.ofSeconds(2)))),
        new Fault(
            "feed: 500, 502, 504, then an answer after 4 s",
            () -> {
              for (int status : List.of(500, 502, 504)) {
                coincap.faults().failHandshakes(1, HandshakeFault.status(status));
              }
              refuse(coincap, 1, HandshakeFault.hang(Duration.ofSeconds(4)));
            }),
        new Fault(
            "feed: server away for 8 s",
            () ->
                awaitReconnectAfter(
                    coincap, () -> coincap.faults().restartServer(Duration.ofSeconds(8)))),
        new Fault("feed: flapping every 2 s, for 9 s", this::flap),
        new Fault("feed: burst of 100 times", () -> burst(finnhub, pipeline.rates.finnhub())),
        new Fault(
            "feed: burst of 100 times, prices", () -> burst(coincap, pipeline.rates.coincap())),
        new Fault("feed: messages three times, for 3 s", () -> repeat(finnhub)),
        new Fault(
            "feed: two symbols refused, then accepted",
            () ->
                whileSubscribingAgain(
                    () -> {
                      Set<String> refused = Set.of("AAPL", "BINANCE:BTCUSDT");
                      pipeline.finnhub.faults().refuseSubscriptions(refused);
                    })),
        new Fault(
            "feed: too many symbols, three times",
            () ->
                whileSubscribingAgain(
                    () -> pipeline.finnhub.faults().refuseSubscriptionsWithoutName(3))),
        new Fault(
            "feed: subscriptions take 2 s",
            () ->
                whileSubscribingAgain(
                    () -> pipeline.finnhub.faults().slowSubscriptions(Duration.ofSeconds(2)))),
        new Fault(
            "feed: a fifth of the trades late, for 4 s",
            () ->
                forAWhile(
                    () -> finnhub.faults().lateTicks(0.2, MAX_LATENESS),
                    () -> finnhub.faults().lateTicks(0, MAX_LATENESS))),
        new Fault(
            "feed: 40 minutes late, for 4 s",
            () ->
                forAWhile(
                    () -> finnhub.faults().delayTicks(Duration.ofMinutes(40)),
                    () -> finnhub.faults().delayTicks(Duration.ZERO))),
        new Fault(
            "feed: clock 10 s ahead, for 4 s",
            () ->
                forAWhile(
                    () -> finnhub.faults().clockSkew(Duration.ofSeconds(10)),
                    () -> finnhub.faults().clockSkew(Duration.ZERO))),
        new Fault("feed: a frozen worker is cut off", this::cutOffSlowReader),
        new Fault("feed: malformed and oversized frames", this::sendHostileFrames),
        new Fault("feed: trades left out, in the middle and at the end", this::leaveOutTrades),
        new Fault("feed: trade ids that the venue does not have", this::leaveOutIds),
        new Fault("feed: a history that refuses and is late, for 4 s", this::refuseHistory));
  }

  private void resetAll() throws InterruptedException {
    Map<FeedSimulator, Long> before =
        pipeline.feeds().stream()
            .collect(Collectors.toMap(feed -> feed, FeedSimulator::connectionCount));
    pipeline.feeds().forEach(feed -> feed.faults().reset());
    before.forEach(FeedNemesis::awaitReconnect);
  }

  private void leaveOutTrades() throws InterruptedException {
    CoinbaseSimulator coinbase = pipeline.coinbase;
    for (String product : TestPipeline.PRODUCTS) {
      coinbase.dropNextMatches(product, 20);
    }
    await("trades left out by " + coinbase.url())
        .atMost(BURST_TIMEOUT)
        .until(
            () ->
                TestPipeline.PRODUCTS.stream()
                    .allMatch(product -> coinbase.matchesToDrop(product) == 0));
    String last = TestPipeline.PRODUCTS.get(0);
    coinbase.haltTrading(last);
    coinbase.dropNextMatches(last, 7);
    coinbase.trade(last, 7);
    Thread.sleep(4_000); // the length of the fault: heartbeats confirm what is missing
    coinbase.resumeTrading(last);
  }

  private void leaveOutIds() {
    CoinbaseSimulator coinbase = pipeline.coinbase;
    String product = TestPipeline.PRODUCTS.get(0);
    long first = newestId(coinbase, product) + ABSENT_AFTER;
    for (long id = first; id < first + 5; id++) {
      coinbase.markAbsent(product, id);
    }
    await("trades after the absent ids of " + coinbase.url())
        .atMost(BURST_TIMEOUT)
        .until(() -> newestId(coinbase, product) > first + 5);
  }

  private static long newestId(CoinbaseSimulator coinbase, String product) {
    List<SimMatch> history = coinbase.history(product);
    return history.get(history.size() - 1).id();
  }

  private void refuseHistory() throws InterruptedException {
    CoinbaseSimulator coinbase = pipeline.coinbase;
    coinbase.delayVisibility(Duration.ofSeconds(3));
    coinbase.rateLimitNext(4);
    coinbase.failRest(2, 503);
    awaitReconnectAfter(coinbase, () -> coinbase.faults().drop());
    Thread.sleep(4_000); // the length of the fault
    coinbase.healRest();
    coinbase.delayVisibility(Duration.ZERO);
  }

  private void flap() throws InterruptedException {
    FeedSimulator feed = pipeline.finnhub;
    awaitReconnectAfter(
        feed,
        () -> {
          feed.faults().flapEvery(Duration.ofSeconds(2));
          Thread.sleep(9_000); // the length of the fault
          feed.faults().stopFlapping();
        });
  }

  private static void burst(FeedSimulator feed, double ticksPerSecond) {
    long before = feed.sentCount();
    long burstTicks = (long) (ticksPerSecond * BURST.toMillis() * (BURST_FACTOR - 1) / 1_000);
    feed.faults().burst(BURST_FACTOR, BURST);
    await("a burst of " + burstTicks + " ticks of " + feed.url())
        .atMost(BURST_TIMEOUT)
        .until(() -> feed.sentCount() - before >= burstTicks);
  }

  private static void repeat(FeedSimulator feed) throws InterruptedException {
    feed.faults().repeatMessages(3);
    Thread.sleep(3_000); // the length of the fault
    feed.faults().repeatMessages(1);
  }

  /** Injects the fault into one connection. The next one can subscribe to everything again. */
  private void whileSubscribingAgain(Runnable fault) throws InterruptedException {
    FinnhubSimulator feed = pipeline.finnhub;
    fault.run();
    awaitReconnectAfter(feed, () -> feed.faults().drop());
    Thread.sleep(3_000); // the length of the fault
    feed.faults().acceptSubscriptions();
    awaitReconnectAfter(feed, () -> feed.faults().drop());
  }

  private static void forAWhile(Runnable begin, Runnable end) throws InterruptedException {
    begin.run();
    Thread.sleep(4_000); // the length of the fault
    end.run();
  }

  /** What the buffers of the worker and the system hold is lost with the connection. */
  private void cutOffSlowReader() throws InterruptedException {
    FinnhubSimulator feed = pipeline.finnhub;
    long before = feed.slowReadersCut();
    List<ConnectWorker> workers =
        pipeline.stack.workers.stream().filter(Component::isRunning).toList();
    awaitReconnectAfter(
        feed,
        () -> {
          feed.faults().slowReaders(new SlowReaders(SlowReaders.Action.RESET, 1 << 16));
          workers.forEach(Component::suspend);
          try {
            feed.faults().repeatMessages(20);
            feed.faults().burst(BURST_FACTOR, BURST);
            await("a slow reader of " + feed.url() + " to be cut off")
                .atMost(BURST_TIMEOUT)
                .until(() -> feed.slowReadersCut() > before);
          } finally {
            feed.faults().repeatMessages(1);
            feed.faults().slowReaders(SlowReaders.KEPT);
            workers.forEach(Component::resume);
          }
        });
  }

  private void sendHostileFrames() {
    List<Reject> before = rejects();
    send(pipeline.finnhub, HostileFrames.truncatedJson());
    send(pipeline.finnhub, HostileFrames.invalidUtf8());
    send(pipeline.finnhub, HostileFrames.binary());
    send(pipeline.coincap, HostileFrames.truncatedJson());
    send(pipeline.coincap, HostileFrames.oversized());
    await("the rejects of the malformed frames")
        .atMost(REJECTS_TIMEOUT)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              List<Reject> fresh = rejects();
              before.forEach(fresh::remove);
              assertThat(fresh)
                  .contains(
                      new Reject(TestPipeline.FINNHUB, "INVALID_JSON"),
                      new Reject(TestPipeline.FINNHUB, "NOT_UTF8"),
                      new Reject(TestPipeline.FINNHUB, "BINARY_FRAME"),
                      new Reject(TestPipeline.COINCAP, "INVALID_JSON"),
                      new Reject(TestPipeline.COINCAP, "FRAME_TOO_LARGE"));
            });
  }

  private static void send(FeedSimulator feed, RawFrame frame) {
    assertThat(feed.sendRaw(frame)).as("connections of " + feed.url() + " reached").isPositive();
  }

  /** Rejects of the job have an origin; these do not. */
  private List<Reject> rejects() {
    return TopicContents.values(pipeline.stack.kafka, "market_data_rejected").stream()
        .filter(reject -> reject.path("origin").isNull())
        .map(reject -> new Reject(reject.path("source").asText(), reject.path("reason").asText()))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private void refuse(FeedSimulator feed, int times, HandshakeFault how)
      throws InterruptedException {
    feed.faults().failHandshakes(times, how);
    awaitReconnectAfter(feed, () -> feed.faults().drop());
  }

  private void awaitReconnectAfter(FeedSimulator feed, Fault.Injection injection)
      throws InterruptedException {
    long before = feed.connectionCount();
    injection.run();
    awaitReconnect(feed, before);
  }

  /** Waits until the connector has connected to the feed again. */
  static void awaitReconnect(FeedSimulator feed, long connectionsBefore) {
    await("another connection to " + feed.url())
        .atMost(FaultRun.STEP_TIMEOUT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> feed.connectionCount() > connectionsBefore && feed.connected() > 0);
  }
}
