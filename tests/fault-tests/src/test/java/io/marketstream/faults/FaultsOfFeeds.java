package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.local.component.Component;
import io.marketstream.local.component.ConnectWorker;
import io.marketstream.pipeline.RealComponents;
import io.marketstream.pipeline.TopicReader;
import io.marketstream.simulator.FeedSimulator;
import io.marketstream.simulator.FinnhubSimulator;
import io.marketstream.simulator.HandshakeFault;
import io.marketstream.simulator.HostileFrames;
import io.marketstream.simulator.RawFrame;
import io.marketstream.simulator.SlowReaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What goes wrong at the feeds. One that takes a connection away is over with the next one. */
final class FaultsOfFeeds {

  /**
   * At 100 times the ticks of 25 s, all with the market's next messages, which the buffer of the
   * connector, the broker and the job have to take. A second of it would be 100 s of ticks, which
   * measures the machine and not the pipeline's honesty.
   */
  private static final Duration BURST = Duration.ofMillis(250);

  private static final int BURST_FACTOR = 100;

  /** Without a burst this brings the ticks of this long, far less than the burst does. */
  private static final Duration BURST_SENT = Duration.ofSeconds(15);

  private static final Duration REJECTED = Duration.ofSeconds(60);

  /** What a connector rejected. */
  private record Reject(String source, String reason) {}

  private final RunningPipeline pipeline;

  FaultsOfFeeds(RunningPipeline pipeline) {
    this.pipeline = pipeline;
  }

  List<Fault> all() {
    FinnhubSimulator finnhub = pipeline.finnhub;
    FeedSimulator coincap = pipeline.coincap;
    return List.of(
        new Fault(
            "feed: both reset",
            () ->
                untilConnectedAgain(
                    finnhub,
                    () ->
                        untilConnectedAgain(
                            coincap,
                            () -> {
                              finnhub.faults().reset();
                              coincap.faults().reset();
                            }))),
        new Fault(
            "feed: closed",
            () -> untilConnectedAgain(finnhub, () -> finnhub.faults().close(1001, "going away"))),
        new Fault(
            "feed: dropped", () -> untilConnectedAgain(coincap, () -> coincap.faults().drop())),
        new Fault(
            "feed: stalls", () -> untilConnectedAgain(finnhub, () -> finnhub.faults().stall())),
        new Fault("feed: 12 times 503", () -> refuses(finnhub, 12, HandshakeFault.status(503))),
        new Fault(
            "feed: 5 times 429, Retry-After 2 s",
            () -> refuses(finnhub, 5, HandshakeFault.status(429, Duration.ofSeconds(2)))),
        new Fault(
            "feed: 500, 502, 504, then an answer after 4 s",
            () -> {
              for (int status : List.of(500, 502, 504)) {
                coincap.faults().failHandshakes(1, HandshakeFault.status(status));
              }
              refuses(coincap, 1, HandshakeFault.hang(Duration.ofSeconds(4)));
            }),
        new Fault(
            "feed: server away for 8 s",
            () ->
                untilConnectedAgain(
                    coincap, () -> coincap.faults().restartServer(Duration.ofSeconds(8)))),
        new Fault("feed: flaps every 2 s, for 9 s", this::flaps),
        new Fault("feed: burst of 100 times", () -> burst(finnhub, pipeline.rates.finnhub())),
        new Fault(
            "feed: burst of 100 times, prices", () -> burst(coincap, pipeline.rates.coincap())),
        new Fault("feed: messages three times, for 3 s", () -> repeats(finnhub)),
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
                    () -> finnhub.faults().lateTicks(0.2, RunningPipeline.LATEST),
                    () -> finnhub.faults().lateTicks(0, RunningPipeline.LATEST))),
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
        new Fault("feed: a frozen worker is cut off", this::cutsSlowReader),
        new Fault("feed: malformed and oversized frames", this::hostileFrames));
  }

  private void flaps() throws InterruptedException {
    FeedSimulator feed = pipeline.finnhub;
    untilConnectedAgain(
        feed,
        () -> {
          feed.faults().flapEvery(Duration.ofSeconds(2));
          Thread.sleep(9_000);
          feed.faults().stopFlapping();
        });
  }

  private static void burst(FeedSimulator feed, int ticksPerSecond) {
    long before = feed.sentCount();
    long ofTheBurst = ticksPerSecond * BURST.toMillis() * (BURST_FACTOR - 1) / 1_000;
    feed.faults().burst(BURST_FACTOR, BURST);
    await("a burst of " + ofTheBurst + " ticks of " + feed.url())
        .atMost(BURST_SENT)
        .until(() -> feed.sentCount() - before >= ofTheBurst);
  }

  private static void repeats(FeedSimulator feed) throws InterruptedException {
    feed.faults().repeatMessages(3);
    Thread.sleep(3_000);
    feed.faults().repeatMessages(1);
  }

  /** The connection that meets the fault and the one after it, which is accepted as a whole. */
  private void whileSubscribingAgain(Runnable fault) throws InterruptedException {
    FinnhubSimulator feed = pipeline.finnhub;
    fault.run();
    untilConnectedAgain(feed, () -> feed.faults().drop());
    Thread.sleep(3_000);
    feed.faults().acceptSubscriptions();
    untilConnectedAgain(feed, () -> feed.faults().drop());
  }

  private static void forAWhile(Runnable begin, Runnable end) throws InterruptedException {
    begin.run();
    Thread.sleep(4_000);
    end.run();
  }

  /** What the worker's and the system's buffers hold is lost with the connection. */
  private void cutsSlowReader() throws InterruptedException {
    FinnhubSimulator feed = pipeline.finnhub;
    long before = feed.slowReadersCut();
    List<ConnectWorker> workers =
        pipeline.components.workers.stream().filter(Component::isRunning).toList();
    untilConnectedAgain(
        feed,
        () -> {
          feed.faults().slowReaders(new SlowReaders(SlowReaders.Action.RESET, 1 << 16));
          workers.forEach(Component::suspend);
          try {
            feed.faults().repeatMessages(20);
            feed.faults().burst(BURST_FACTOR, BURST);
            await("a slow reader of " + feed.url() + " to be cut off")
                .atMost(BURST_SENT)
                .until(() -> feed.slowReadersCut() > before);
          } finally {
            feed.faults().repeatMessages(1);
            feed.faults().slowReaders(SlowReaders.KEPT);
            workers.forEach(Component::resume);
          }
        });
  }

  private void hostileFrames() {
    List<Reject> before = rejects();
    send(pipeline.finnhub, HostileFrames.truncatedJson());
    send(pipeline.finnhub, HostileFrames.invalidUtf8());
    send(pipeline.finnhub, HostileFrames.binary());
    send(pipeline.coincap, HostileFrames.truncatedJson());
    send(pipeline.coincap, HostileFrames.oversized());
    await("the rejects of the malformed frames")
        .atMost(REJECTED)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              List<Reject> fresh = rejects();
              before.forEach(fresh::remove);
              assertThat(fresh)
                  .contains(
                      new Reject(RealComponents.FINNHUB, "INVALID_JSON"),
                      new Reject(RealComponents.FINNHUB, "NOT_UTF8"),
                      new Reject(RealComponents.FINNHUB, "BINARY_FRAME"),
                      new Reject(RealComponents.COINCAP, "INVALID_JSON"),
                      new Reject(RealComponents.COINCAP, "FRAME_TOO_LARGE"));
            });
  }

  private static void send(FeedSimulator feed, RawFrame frame) {
    assertThat(feed.sendRaw(frame)).as("connections of " + feed.url() + " reached").isPositive();
  }

  /** The job's own have an origin. */
  private List<Reject> rejects() {
    return TopicReader.values(pipeline.components.kafka, "market_data_rejected").stream()
        .filter(reject -> reject.path("origin").isNull())
        .map(reject -> new Reject(reject.path("source").asText(), reject.path("reason").asText()))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private void refuses(FeedSimulator feed, int times, HandshakeFault how)
      throws InterruptedException {
    feed.faults().failHandshakes(times, how);
    untilConnectedAgain(feed, () -> feed.faults().drop());
  }

  private void untilConnectedAgain(FeedSimulator feed, Fault.Strike strike)
      throws InterruptedException {
    long before = feed.connectionCount();
    strike.strike();
    pipeline.awaitAnotherConnection(feed, before);
  }
}
