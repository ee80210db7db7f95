package io.marketstream.repair;

import static org.awaitility.Awaitility.await;

import io.marketstream.embedded.component.Component;
import io.marketstream.embedded.component.ConnectRestException;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TestStack;
import io.marketstream.simulator.coinbase.CoinbaseSimulator;
import io.marketstream.simulator.market.SimMatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes rounds happen on a running worker, and remembers what was started again. */
final class RoundRun {

  private static final Logger LOG = LoggerFactory.getLogger(RoundRun.class);
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  /** A gap is confirmed by the second heartbeat after it, and its repair begins then. */
  private static final Duration REPAIR_BEGINS = Duration.ofSeconds(15);

  private final TestStack stack;
  private final CoinbaseSimulator feed;
  private final List<Instant> restarts = new ArrayList<>();

  RoundRun(TestStack stack, CoinbaseSimulator feed) {
    this.stack = stack;
    this.feed = feed;
  }

  /** Begins a round. The market trades, except for products whose newest trades are left out. */
  void begin(RepairRound round) throws InterruptedException {
    long requests = requests();
    begin(round.history());
    for (Loss loss : round.losses()) {
      inject(loss);
    }
    switch (round.victim()) {
      case WORKER -> kill(stack.connect, requests);
      case BROKER -> kill(stack.kafka, requests);
      case NONE -> {}
    }
  }

  /** Ends trading. Heartbeats and the history go on. */
  void halt() {
    TestPipeline.PRODUCTS.forEach(feed::haltTrading);
  }

  /** Ends every fault of a round, and lets the market trade again. */
  void end() {
    feed.healRest();
    feed.delayVisibility(Duration.ZERO);
    TestPipeline.PRODUCTS.forEach(feed::resumeTrading);
  }

  /** Whether a task was started again after this moment, epoch ms. */
  boolean isRestartAfter(long moment) {
    return isRestartBetween(moment, Long.MAX_VALUE);
  }

  /** Whether a task was started again between two moments, epoch ms. */
  boolean isRestartBetween(long earlier, long later) {
    return restarts.stream()
        .mapToLong(Instant::toEpochMilli)
        .anyMatch(restart -> earlier < restart && restart <= later);
  }

  private void begin(HistoryFault fault) {
    if (fault instanceof HistoryFault.RateLimited limited) {
      feed.rateLimitNext(limited.requests());
    } else if (fault instanceof HistoryFault.Failing failing) {
      feed.failRest(failing.requests(), failing.status());
    } else if (fault instanceof HistoryFault.Late late) {
      feed.delayVisibility(Duration.ofMillis(late.millis()));
    } else if (fault instanceof HistoryFault.Slow slow) {
      feed.delayRest(slow.requests(), Duration.ofMillis(slow.millis()));
    }
  }

  private void inject(Loss loss) throws InterruptedException {
    if (loss instanceof Loss.InTheMiddle middle) {
      feed.resumeTrading(middle.product());
      feed.dropNextMatches(middle.product(), middle.trades());
      awaitDropped(middle.product());
    } else if (loss instanceof Loss.AtTheEnd end) {
      leaveOut(end.product(), end.trades());
    } else if (loss instanceof Loss.OfAbsentIds ids) {
      feed.haltTrading(ids.product());
      long first = newestId(ids.product()) + 1 + ids.before();
      for (long id = first; id < first + ids.absent(); id++) {
        feed.markAbsent(ids.product(), id);
      }
      leaveOut(ids.product(), ids.before() + ids.after());
      feed.resumeTrading(ids.product());
    } else if (loss instanceof Loss.OfConnection connection) {
      awaitReconnectAfter(() -> end(connection.ending()));
    } else if (loss instanceof Loss.OfServer server) {
      awaitReconnectAfter(() -> feed.faults().restartServer(Duration.ofMillis(server.millis())));
    } else if (loss instanceof Loss.OfTask) {
      restarts.add(Instant.now());
      awaitReconnectAfter(this::restartTask);
    }
  }

  private void leaveOut(String product, int trades) throws InterruptedException {
    feed.haltTrading(product);
    feed.dropNextMatches(product, trades);
    if (trades > 0) {
      feed.trade(product, trades);
    }
  }

  private void awaitDropped(String product) {
    await("trades of " + product + " to leave out")
        .atMost(TIMEOUT)
        .until(() -> feed.matchesToDrop(product) == 0);
  }

  private long newestId(String product) {
    List<SimMatch> history = feed.history(product);
    return history.get(history.size() - 1).id();
  }

  private void end(Loss.Ending ending) {
    switch (ending) {
      case DROPPED -> feed.faults().drop();
      case RESET -> feed.faults().reset();
      case CLOSED -> feed.faults().close(1001, "going away");
    }
  }

  private void restartTask() {
    String path = "/connectors/" + TestPipeline.COINBASE_CONNECTOR + "/tasks/0/restart";
    await("restart of the task")
        .atMost(TIMEOUT)
        .ignoreException(ConnectRestException.class) // the group rebalances
        .until(
            () -> {
              stack.connect.rest().call("POST", path, "");
              return true;
            });
  }

  private void awaitReconnectAfter(Runnable fault) {
    long before = feed.connectionCount();
    fault.run();
    await("another connection")
        .atMost(TIMEOUT)
        .until(() -> feed.connectionCount() > before && feed.connected() > 0);
  }

  /** Kills a process after the connector has asked the history for trades, and starts it again. */
  private void kill(Component victim, long requestsBefore) {
    try {
      await("a repair").atMost(REPAIR_BEGINS).until(() -> requests() > requestsBefore);
    } catch (ConditionTimeoutException e) {
      LOG.warn("No request to the history before {} is killed", victim.name());
    }
    restarts.add(Instant.now()); // without its broker, a worker starts its tasks again
    victim.kill();
    victim.start();
  }

  private long requests() {
    return feed.restRequests().size();
  }
}
