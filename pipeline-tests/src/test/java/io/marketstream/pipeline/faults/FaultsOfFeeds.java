package io.marketstream.pipeline.faults;

import io.marketstream.simulator.FeedSimulator;
import io.marketstream.simulator.HandshakeFault;
import io.marketstream.simulator.HostileFrames;
import java.time.Duration;
import java.util.List;

/** What goes wrong at the feeds. One that takes a connection away is over with the next one. */
final class FaultsOfFeeds {

  /**
   * A market's messages go out five times a second, so a burst multiplies one message interval or
   * two: at 100 times the ticks of 20 to 40 s within a quarter of a second, which the buffer of the
   * connector, the broker and the job have to take. A second of it would be 100 s of ticks, which
   * measures the machine and not the pipeline's honesty.
   */
  private static final Duration BURST = Duration.ofMillis(250);

  private final RunningPipeline pipeline;

  FaultsOfFeeds(RunningPipeline pipeline) {
    this.pipeline = pipeline;
  }

  List<Fault> all() {
    FeedSimulator finnhub = pipeline.finnhub;
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
        new Fault("feed: burst of 100 times", () -> burst(finnhub)),
        new Fault("feed: burst of 100 times, prices", () -> burst(coincap)),
        new Fault("feed: messages three times, for 3 s", () -> repeats(finnhub)),
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

  private static void burst(FeedSimulator feed) throws InterruptedException {
    feed.faults().burst(100, BURST);
    Thread.sleep(BURST.toMillis() * 2);
  }

  private static void repeats(FeedSimulator feed) throws InterruptedException {
    feed.faults().repeatMessages(3);
    Thread.sleep(3_000);
    feed.faults().repeatMessages(1);
  }

  private void hostileFrames() {
    pipeline.finnhub.sendRaw(HostileFrames.truncatedJson());
    pipeline.finnhub.sendRaw(HostileFrames.invalidUtf8());
    pipeline.finnhub.sendRaw(HostileFrames.binary());
    pipeline.coincap.sendRaw(HostileFrames.truncatedJson());
    pipeline.coincap.sendRaw(HostileFrames.oversized());
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
