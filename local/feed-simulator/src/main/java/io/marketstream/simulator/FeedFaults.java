package io.marketstream.simulator;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What can go wrong with a feed, on demand. Every method may be called from any thread, also while
 * a write is blocked by a client that does not read, and acts on the connections that are open now
 * unless it says otherwise.
 */
public final class FeedFaults {

  private final FeedSimulator simulator;
  private final FeedServer server;
  private final HandshakeFaults handshakeFaults;
  private final MarketPlayer marketPlayer;
  private final MessageWriter writer;
  private final ScheduledExecutorService timer;
  private Future<?> flapping;

  FeedFaults(
      FeedSimulator simulator,
      FeedServer server,
      HandshakeFaults handshakeFaults,
      MarketPlayer marketPlayer,
      MessageWriter writer) {
    this.simulator = simulator;
    this.server = server;
    this.handshakeFaults = handshakeFaults;
    this.marketPlayer = marketPlayer;
    this.writer = writer;
    timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, simulator.feed().wireName() + "-simulator-faults");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Closes every connection with a close frame. */
  public void close(int code, String reason) {
    simulator.connections().forEach(connection -> connection.close(code, reason));
  }

  /** Drops every TCP connection without a close frame: clients see an end of stream (1006). */
  public void drop() {
    simulator.connections().forEach(FeedConnection::drop);
  }

  /** Resets every TCP connection; what is in flight may be lost. */
  public void reset() {
    simulator.connections().forEach(FeedConnection::reset);
  }

  /** Keeps the sockets open and sends nothing more; RFC 6455 pings are still answered. */
  public void stall() {
    stall(true);
  }

  /**
   * Keeps the sockets open and sends nothing more. Messages given to a stalled connection are not
   * sent later and are not in the journal.
   *
   * @param answeringPings whether RFC 6455 pings are still answered
   */
  public void stall(boolean answeringPings) {
    simulator.connections().forEach(connection -> connection.stall(answeringPings));
  }

  /** Ends a stall. */
  public void resume() {
    simulator.connections().forEach(FeedConnection::resume);
  }

  /**
   * Lets this go wrong at each of the next {@code times} handshakes, after those asked for before.
   */
  public void failHandshakes(int times, HandshakeFault fault) {
    handshakeFaults.add(times, fault);
  }

  /** Forgets the handshake faults that have not happened yet. */
  public void healHandshakes() {
    handshakeFaults.clear();
  }

  /**
   * Tells every connection {@code Unauthorized} and closes it.
   *
   * @throws UnsupportedOperationException for Finnhub, which does not do that
   */
  public void unauthorized() {
    if (!(simulator instanceof CoinCapSimulator coincap)) {
      throw new UnsupportedOperationException("Only CoinCap says Unauthorized in a text frame");
    }
    coincap.sendUnauthorized();
  }

  /**
   * Answers every subscription of these symbols with "Invalid symbol …" until {@link
   * #acceptSubscriptions()}. Symbols that are subscribed already go on.
   *
   * @throws UnsupportedOperationException for CoinCap, whose subscription is its URL
   */
  public void refuseSubscriptions(Set<String> symbols) {
    subscriptionRules().refuse(symbols, null);
  }

  /** The same for so long only: a refusal that passes. */
  public void refuseSubscriptions(Set<String> symbols, Duration duration) {
    subscriptionRules().refuse(symbols, Objects.requireNonNull(duration));
  }

  /**
   * Answers the next {@code times} subscriptions with "Subscribing to too many symbols", which
   * names no symbol. Those of symbols that are subscribed already do not count.
   *
   * @throws UnsupportedOperationException for CoinCap
   */
  public void refuseSubscriptionsWithoutName(int times) {
    subscriptionRules().refuseWithoutName(times);
  }

  /**
   * Sets how many symbols one connection may subscribe from now on; those that it has stay.
   *
   * @throws UnsupportedOperationException for CoinCap
   */
  public void limitSymbols(int limit) {
    subscriptionRules().setLimit(limit);
  }

  /**
   * Lets every subscription and every refusal take so long, until {@link #acceptSubscriptions()}.
   *
   * @throws UnsupportedOperationException for CoinCap
   */
  public void slowSubscriptions(Duration delay) {
    subscriptionRules().setDelay(Objects.requireNonNull(delay));
  }

  /** Ends refused and slow subscriptions. Who was refused has to subscribe again. */
  public void acceptSubscriptions() {
    subscriptionRules().acceptAll();
  }

  private SubscriptionRules subscriptionRules() {
    if (!(simulator instanceof FinnhubSimulator finnhub)) {
      throw new UnsupportedOperationException("Only Finnhub is sent subscriptions");
    }
    return finnhub.subscriptionRules();
  }

  /**
   * Lets the market's trades be that late, all of them; zero ends it.
   *
   * @throws UnsupportedOperationException for CoinCap, which sends no event times
   */
  public void delayTicks(Duration delay) {
    FinnhubSimulator finnhub = withEventTimes();
    finnhub.setEventTimes(finnhub.eventTimes().withDelay(delay));
  }

  /**
   * Lets a share of the market's trades come late, each by one second to {@code maxLateness}; a
   * share of 0 ends it.
   *
   * @throws UnsupportedOperationException for CoinCap
   */
  public void lateTicks(double share, Duration maxLateness) {
    FinnhubSimulator finnhub = withEventTimes();
    finnhub.setEventTimes(finnhub.eventTimes().withLateTrades(share, maxLateness));
  }

  /**
   * Sets the feed's clock that much ahead, or behind if negative; zero ends it.
   *
   * @throws UnsupportedOperationException for CoinCap
   */
  public void clockSkew(Duration skew) {
    FinnhubSimulator finnhub = withEventTimes();
    finnhub.setEventTimes(finnhub.eventTimes().withClockSkew(skew));
  }

  private FinnhubSimulator withEventTimes() {
    if (!(simulator instanceof FinnhubSimulator finnhub)) {
      throw new UnsupportedOperationException("Only Finnhub sends event times");
    }
    return finnhub;
  }

  /**
   * Sends every message {@code copies} times from now on; each copy is in the journal. 1 is normal.
   */
  public void repeatMessages(int copies) {
    if (copies < 1) {
      throw new IllegalArgumentException("A message is sent at least once, not " + copies);
    }
    writer.setCopies(copies);
  }

  /**
   * Multiplies a market's rate for a while, which may be shorter than the interval between two
   * messages: the ticks are those of {@code factor} times {@code duration}, unless nobody is
   * subscribed.
   */
  public void burst(int factor, Duration duration) {
    marketPlayer.burst(factor, duration);
  }

  /**
   * Sets what happens to clients that do not read, from now on; {@link SlowReaders#KEPT} ends it.
   */
  public void slowReaders(SlowReaders rule) {
    writer.setSlowReaders(Objects.requireNonNull(rule));
  }

  /** Closes the listening socket; open connections live on. */
  public void refuseConnections() {
    server.refuseConnections();
  }

  /** Listens again on the same port. */
  public void acceptConnections() {
    server.listen();
  }

  /**
   * Ends the server as the death of its process would: every connection dropped, the port closed.
   */
  public void stopServer() {
    server.refuseConnections();
    drop();
    server.stop();
  }

  /** Stops the server and starts it on the same port after {@code downtime}; returns at once. */
  public void restartServer(Duration downtime) {
    stopServer();
    timer.schedule(server::listen, downtime.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Drops every connection every {@code interval} until {@link #stopFlapping()}. */
  public synchronized void flapEvery(Duration interval) {
    stopFlapping();
    flapping =
        timer.scheduleAtFixedRate(
            this::drop, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends flapping. */
  public synchronized void stopFlapping() {
    if (flapping != null) {
      flapping.cancel(false);
      flapping = null;
    }
  }

  void close() {
    timer.shutdownNow();
  }
}
