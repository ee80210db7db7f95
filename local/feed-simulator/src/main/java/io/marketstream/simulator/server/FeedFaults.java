package io.marketstream.simulator.server;

import io.marketstream.simulator.fault.HandshakeFault;
import io.marketstream.simulator.fault.SlowReaders;
import io.marketstream.simulator.market.MarketPlayer;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Injects faults into a simulated feed. Every method may be called from any thread, also while a
 * write is blocked by a client that does not read. Unless it says otherwise, a method acts on the
 * connections that are open now.
 */
public final class FeedFaults {

  private final FeedSimulator simulator;
  private final FeedServer server;
  private final HandshakeFaults handshakeFaults;
  private final MarketPlayer marketPlayer;
  private final MessageWriter writer;
  private final ScheduledExecutorService timer;
  private @Nullable Future<?> flapping;

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

  /** Resets every TCP connection. Data in flight may be lost. */
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
   * Injects this fault into each of the next {@code times} handshakes. Faults that were requested
   * earlier come first.
   */
  public void failHandshakes(int times, HandshakeFault fault) {
    handshakeFaults.add(times, fault);
  }

  /** Cancels the handshake faults that have not happened yet. */
  public void healHandshakes() {
    handshakeFaults.clear();
  }

  /**
   * Tells every connection {@code Unauthorized} and closes it.
   *
   * @throws UnsupportedOperationException unless the feed is CoinCap
   */
  public void unauthorized() {
    simulator.sendUnauthorized();
  }

  /**
   * Answers every subscription of these symbols with "Invalid symbol …" until {@link
   * #acceptSubscriptions()}. Symbols that are subscribed already continue.
   *
   * @throws UnsupportedOperationException unless the feed is Finnhub
   */
  public void refuseSubscriptions(Set<String> symbols) {
    simulator.subscriptionRules().refuse(symbols, null);
  }

  /** As {@link #refuseSubscriptions(Set)}, but only for this time. */
  public void refuseSubscriptions(Set<String> symbols, Duration duration) {
    simulator.subscriptionRules().refuse(symbols, Objects.requireNonNull(duration));
  }

  /**
   * Answers the next {@code times} subscriptions with "Subscribing to too many symbols", which
   * names no symbol. Repeated subscriptions do not count.
   *
   * @throws UnsupportedOperationException unless the feed is Finnhub
   */
  public void refuseSubscriptionsWithoutName(int times) {
    simulator.subscriptionRules().refuseWithoutName(times);
  }

  /**
   * Sets how many symbols one connection may subscribe to from now on. Existing subscriptions stay.
   *
   * @throws UnsupportedOperationException unless the feed is Finnhub
   */
  public void limitSymbols(int limit) {
    simulator.subscriptionRules().setLimit(limit);
  }

  /**
   * Delays every subscription and every refusal by this time, until {@link #acceptSubscriptions()}.
   *
   * @throws UnsupportedOperationException unless the feed is Finnhub
   */
  public void slowSubscriptions(Duration delay) {
    simulator.subscriptionRules().setDelay(Objects.requireNonNull(delay));
  }

  /** Ends refused and slow subscriptions. A client that was refused has to subscribe again. */
  public void acceptSubscriptions() {
    simulator.subscriptionRules().acceptAll();
  }

  /**
   * Delays all trades of the market by this time. Zero ends it.
   *
   * @throws UnsupportedOperationException unless the feed is Finnhub
   */
  public void delayTicks(Duration delay) {
    simulator.changeEventTimes(times -> times.withDelay(delay));
  }

  /**
   * Delays a share of the market's trades, each by one second to {@code maxLateness}. A share of 0
   * ends it.
   *
   * @throws UnsupportedOperationException unless the feed is Finnhub
   */
  public void lateTicks(double share, Duration maxLateness) {
    simulator.changeEventTimes(times -> times.withLateTrades(share, maxLateness));
  }

  /**
   * Sets the feed's clock ahead by this time, or behind if it is negative. Zero ends it.
   *
   * @throws UnsupportedOperationException unless the feed is Finnhub
   */
  public void clockSkew(Duration skew) {
    simulator.changeEventTimes(times -> times.withClockSkew(skew));
  }

  /**
   * Sends every message {@code copies} times from now on. The journal records each copy. 1 ends it.
   */
  public void repeatMessages(int copies) {
    if (copies < 1) {
      throw new IllegalArgumentException("A message is sent at least once, not " + copies);
    }
    writer.setCopies(copies);
  }

  /**
   * Multiplies a market's rate for a time, which may be shorter than the interval between two
   * messages. The market sends the ticks of {@code factor} times {@code duration}, unless no symbol
   * is subscribed.
   */
  public void burst(int factor, Duration duration) {
    marketPlayer.burst(factor, duration);
  }

  /** Sets what happens to clients that do not read. {@link SlowReaders#KEPT} ends it. */
  public void slowReaders(SlowReaders rule) {
    writer.setSlowReaders(Objects.requireNonNull(rule));
  }

  /** Closes the listening socket. Open connections continue. */
  public void refuseConnections() {
    server.refuseConnections();
  }

  /** Listens again on the same port. */
  public void acceptConnections() {
    server.listen();
  }

  /** Drops every connection and closes the port, as if the process had died. */
  public void stopServer() {
    server.refuseConnections();
    drop();
    server.stop();
  }

  /** Stops the server and starts it on the same port after {@code downtime}; returns at once. */
  public void restartServer(Duration downtime) {
    stopServer();
    var unused = timer.schedule(server::listen, downtime.toMillis(), TimeUnit.MILLISECONDS);
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
