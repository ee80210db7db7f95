package io.marketstream.simulator.server;

import io.marketstream.simulator.fault.RawFrame;
import io.marketstream.simulator.fault.SlowReaders;
import io.marketstream.simulator.journal.Feed;
import io.marketstream.simulator.journal.FeedStats;
import io.marketstream.simulator.journal.SentTick;
import io.marketstream.simulator.journal.TickJournal;
import io.marketstream.simulator.market.EventTimes;
import io.marketstream.simulator.market.Market;
import io.marketstream.simulator.market.MarketPlayer;
import io.marketstream.simulator.market.SimTick;
import io.marketstream.simulator.server.FeedServer.Gate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A simulated feed: a websocket server, on 127.0.0.1 unless the builder names another address.
 *
 * <p>In <em>manual</em> mode it sends what its methods are given; in <em>market</em> mode it also
 * plays a random walk of the subscribed symbols. Each connection has a thread that writes its
 * messages one after the other, so they never overlap, and the journal has the order of the wire. A
 * client that does not read does not delay the other clients ({@link SlowReaders}). All methods may
 * be called from any thread. Methods that send return when the writes are done. They wait as long
 * as a client does not read.
 */
public abstract class FeedSimulator implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FeedSimulator.class);
  private static final Duration PAUSE_TIMEOUT = Duration.ofSeconds(60);

  /** How long a client that does not read may take to receive the close frame. */
  private static final Duration CUT_GRACE = Duration.ofSeconds(1);

  private final Feed feed;
  private final TickJournal journal;
  private final FeedSender sender;
  private final FeedServer server;
  private final FeedFaults faults;
  private final HandshakeLog handshakes = new HandshakeLog();
  private final MarketPlayer marketPlayer;
  private final @Nullable Duration marketInterval;
  private final OpenConnections connections;
  private final MessageWriter writer;
  private final Clock clock;

  protected FeedSimulator(Feed feed, FeedSimulatorBuilder<?> builder, Market market) {
    this.feed = feed;
    this.clock = builder.clock;
    this.journal = builder.journal;
    this.connections = new OpenConnections(clock);
    this.sender = new FeedSender(feed.wireName() + "-simulator-sender");
    this.writer =
        new MessageWriter(
            feed, journal, clock, builder.slowReaders, task -> sender.later(CUT_GRACE, task));
    HandshakeFaults handshakeFaults = new HandshakeFaults();
    this.server =
        new FeedServer(
            feed.wireName() + "-simulator",
            builder.host,
            builder.port,
            gate(),
            handshakeFaults,
            handshakes,
            clock);
    this.marketPlayer = new MarketPlayer(market, builder.ticksPerSecond, clock);
    this.faults = new FeedFaults(this, server, handshakeFaults, marketPlayer, writer);
    this.marketInterval = builder.ticksPerSecond > 0 ? builder.marketInterval : null;
    if (marketInterval != null) {
      LOG.info(
          "{}: market of {} ticks/s, seed {}",
          feed.wireName(),
          builder.ticksPerSecond,
          builder.seed);
    }
  }

  /** Which feed this is. */
  public final Feed feed() {
    return feed;
  }

  /** The port; it stays the same until the simulator is closed. */
  public final int port() {
    return server.port();
  }

  /** The value of a connector's {@code websocket.url}, without a key. */
  public abstract String url();

  /** The journal of the ticks that were sent. */
  public final TickJournal journal() {
    return journal;
  }

  /** The faults that can be injected. */
  public final FeedFaults faults() {
    return faults;
  }

  /** Every tick sent so far; see {@link TickJournal#sent()}. */
  public final List<SentTick> sent() {
    return journal.sent();
  }

  /** How many ticks were sent so far. */
  public final long sentCount() {
    return journal.sentCount();
  }

  /** The counters, consistent with each other. */
  public final FeedStats stats() {
    return journal.stats(connections.size());
  }

  /** How many connections are open. */
  public final int connected() {
    return connections.size();
  }

  /** How many connections were ever opened. */
  public final long connectionCount() {
    return connections.everOpened();
  }

  /** The newest 10,000 handshake attempts, oldest first, refused ones included. */
  public final List<HandshakeAttempt> handshakes() {
    return handshakes.attempts();
  }

  /** How many handshakes were attempted. */
  public final long handshakeCount() {
    return handshakes.total();
  }

  /**
   * The symbols that any open connection subscribed to, as the feed spells them. {@code ALL} is
   * returned as it is.
   */
  public final Set<String> subscribedSymbols() {
    return connections.subscriptions();
  }

  /**
   * Waits until all these symbols are subscribed.
   *
   * @throws TimeoutException naming the symbols that were not
   */
  public final void awaitSubscribed(Collection<String> symbols, Duration timeout)
      throws InterruptedException, TimeoutException {
    if (!connections.await(() -> subscribedSymbols().containsAll(symbols), timeout)) {
      Set<String> missing = new LinkedHashSet<>(symbols);
      missing.removeAll(subscribedSymbols());
      throw new TimeoutException("Not subscribed within " + timeout + ": " + missing);
    }
  }

  /**
   * Waits until exactly {@code count} connections are open.
   *
   * @throws TimeoutException if they were not
   */
  public final void awaitConnected(int count, Duration timeout)
      throws InterruptedException, TimeoutException {
    if (!connections.await(() -> connected() == count, timeout)) {
      throw new TimeoutException(connected() + " connections after " + timeout + ", not " + count);
    }
  }

  /**
   * Stops the ticks. The sockets stay open, and pings continue. When it returns, no further tick is
   * written, so the counts are final until {@link #resumeSending()}.
   *
   * @throws IllegalStateException if a client that does not read keeps a write blocked for 60 s
   */
  public final void pauseSending() {
    writer.setPaused(true);
    try {
      sender.await(PAUSE_TIMEOUT);
      List<CompletableFuture<Void>> drained = new ArrayList<>();
      connections.forEach(connection -> drained.add(connection.outbox().drained()));
      CompletableFuture.allOf(drained.toArray(CompletableFuture[]::new))
          .get(PAUSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IllegalStateException(
          "A client of " + url() + " does not read what is sent to it", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while pausing " + url(), e);
    }
  }

  /** Starts the ticks again. The market does not catch up on the time of the pause. */
  public final void resumeSending() {
    writer.setPaused(false);
  }

  /** Sets a market's rate in ticks/s; has no effect in manual mode. */
  public final void setRate(double ticksPerSecond) {
    marketPlayer.setRate(ticksPerSecond);
  }

  /**
   * Sends one text frame as it is. It never counts as ticks.
   *
   * @return how many connections it was written to
   */
  public final int sendRaw(String text) {
    return sendRaw(RawFrame.text(text));
  }

  /**
   * Sends one frame as it is. It never counts as ticks.
   *
   * @return how many connections it was written to
   */
  public final int sendRaw(RawFrame frame) {
    byte opCode = frame.text() ? OpCode.TEXT : OpCode.BINARY;
    return send(opCode, frame.payload(), List.of());
  }

  /**
   * Sends one binary frame.
   *
   * @return how many connections it was written to
   */
  public final int sendBytes(byte[] payload) {
    return sendRaw(RawFrame.binary(payload));
  }

  /**
   * Sends an RFC 6455 ping. No feed is known to do that.
   *
   * @return how many connections it was written to
   */
  public final int sendPingFrame() {
    return send(OpCode.PING, new byte[0], List.of());
  }

  /**
   * Sends one text frame as it is, and records these ticks in the journal.
   *
   * @param ticks what a client must find in it, in wire order
   * @return how many connections it was written to
   * @throws IllegalStateException while sending is paused
   */
  public final int sendRaw(String text, List<? extends SimTick> ticks) {
    return send(OpCode.TEXT, RawFrame.text(text).payload(), List.copyOf(ticks));
  }

  /**
   * Sends a message to all subscribers. Waits until it is written to each of them, or the
   * connection has ended.
   */
  private int send(byte opCode, byte[] payload, List<? extends SimTick> ticks) {
    List<CompletableFuture<Boolean>> written =
        sender.call(
            () -> {
              if (writer.isPaused() && !ticks.isEmpty()) {
                throw new IllegalStateException("Sending is paused. Call resumeSending() first");
              }
              return writer.sendToSubscribers(connections, opCode, payload, ticks);
            });
    return (int) written.stream().filter(CompletableFuture::join).count();
  }

  /** Closes every connection and the port, and stops every thread of the simulator. */
  @Override
  public final void close() {
    faults.close();
    writer.setPaused(true);
    server.refuseConnections();
    connections.forEach(FeedConnection::drop);
    connections.forEach(connection -> connection.outbox().close());
    sender.close();
    server.close();
  }

  /** Decides how the feed answers a handshake. */
  protected abstract HandshakeVerdict judge(HandshakeAttempt attempt);

  /** A connection was opened and is in {@link #connections()}. */
  protected abstract void opened(FeedConnection connection);

  /** The client of a connection sent a text message. */
  protected abstract void received(FeedConnection connection, String text);

  /** A connection is gone. */
  protected abstract void closed(FeedConnection connection);

  /** Encodes ticks as one message of this feed. */
  protected abstract String encode(List<? extends SimTick> ticks);

  /** Whether these subscriptions stand for every symbol. */
  protected abstract boolean subscribesEverything(Set<String> subscriptions);

  /** The symbols that the market trades now. By default they are those that are subscribed. */
  protected Set<String> tradedSymbols() {
    return subscribedSymbols();
  }

  /** Whether the feed agrees to permessage-deflate if a client offers it. */
  protected boolean compresses() {
    // It is unknown whether Finnhub and CoinCap compress.
    return false;
  }

  /** The answer to a request that is no handshake; empty if the feed serves websockets only. */
  protected Optional<PlainResponse> answer(PlainRequest request) {
    return Optional.empty();
  }

  /**
   * Sends one message of the market to the connections that subscribed to its symbols. Runs on the
   * sender thread.
   */
  protected void deliver(List<? extends SimTick> message) {
    for (FeedConnection connection : connections) {
      List<? extends SimTick> wanted = wantedBy(connection, message);
      if (!wanted.isEmpty()) {
        // The journal records the result.
        var unused = write(connection, encode(wanted), wanted);
      }
    }
  }

  /** Starts a new simulator, or closes it if it cannot listen. */
  protected static <S extends FeedSimulator> S started(S simulator) {
    try {
      simulator.start();
      return simulator;
    } catch (RuntimeException e) {
      simulator.close();
      throw e;
    }
  }

  /**
   * Starts the threads and listens. Must not run before the constructor of the subclass has ended.
   */
  final void start() {
    if (marketInterval != null) {
      var unused = sender.every(marketInterval, this::playMarket); // ends with the sender
    }
    server.listen();
  }

  /** The open connections; a loop over them sees a snapshot. */
  protected final Iterable<FeedConnection> connections() {
    return connections;
  }

  /** The clock of the market and of the journal. */
  protected final Clock clock() {
    return clock;
  }

  /** Whether the ticks are paused. */
  protected final boolean isPaused() {
    return writer.isPaused();
  }

  /** Runs a task on the sender thread and waits for its result. */
  protected final <T> T call(Callable<T> task) {
    return sender.call(task);
  }

  /** Runs a task on the sender thread, after the messages that were made before. */
  protected final void later(Runnable task) {
    sender.later(task);
  }

  /** Runs a task on the sender thread after a delay; tasks of equal delays keep their order. */
  protected final void later(Duration delay, Runnable task) {
    sender.later(delay, task);
  }

  /** Runs a task on the sender thread every {@code period}, from one period on. */
  protected final Future<?> every(Duration period, Runnable task) {
    return sender.every(period, task);
  }

  /**
   * Tells every connection that its key is not valid any more, and closes it.
   *
   * @throws UnsupportedOperationException if the feed says that in another way
   */
  protected void sendUnauthorized() {
    throw new UnsupportedOperationException("Only CoinCap says Unauthorized in a text frame");
  }

  /**
   * The rules for subscriptions that can be refused or delayed.
   *
   * @throws UnsupportedOperationException if the feed has none
   */
  protected SubscriptionRules subscriptionRules() {
    throw new UnsupportedOperationException(
        "Only Finnhub's subscriptions can be refused or delayed");
  }

  /**
   * Changes how the market's event times differ from the time of sending.
   *
   * @throws UnsupportedOperationException if the feed has no such faults
   */
  protected void changeEventTimes(UnaryOperator<EventTimes> change) {
    throw new UnsupportedOperationException("Only Finnhub's event times can be changed");
  }

  /** Wakes the threads that wait for a subscription. */
  protected final void subscriptionsChanged() {
    connections.subscriptionsChanged();
  }

  /** Sends one message without ticks. The future says whether it was written. */
  protected final CompletableFuture<Boolean> write(
      FeedConnection connection, byte opCode, byte[] payload) {
    return writer.send(connection, opCode, payload, List.of());
  }

  /** Sends one text frame with these ticks. The future says whether it was written. */
  protected final CompletableFuture<Boolean> write(
      FeedConnection connection, String text, List<? extends SimTick> ticks) {
    return writer.send(connection, OpCode.TEXT, RawFrame.text(text).payload(), ticks);
  }

  /** How many connections were ended because the client did not read. */
  public final long slowReadersCut() {
    return writer.slowReadersCut();
  }

  private void playMarket() {
    Set<String> symbols = writer.isPaused() ? Set.of() : tradedSymbols();
    marketPlayer.play(symbols).forEach(this::deliver);
  }

  private List<? extends SimTick> wantedBy(
      FeedConnection connection, List<? extends SimTick> message) {
    Set<String> subscriptions = connection.subscriptions();
    if (subscribesEverything(subscriptions)) {
      return message;
    }
    return message.stream().filter(tick -> subscriptions.contains(tick.symbol())).toList();
  }

  private Gate gate() {
    return new Gate() {
      @Override
      public HandshakeVerdict judge(HandshakeAttempt attempt) {
        return FeedSimulator.this.judge(attempt);
      }

      @Override
      public boolean compresses() {
        return FeedSimulator.this.compresses();
      }

      @Override
      public Optional<PlainResponse> answer(PlainRequest request) {
        return FeedSimulator.this.answer(request);
      }

      @Override
      public void opened(FeedConnection connection) {
        writer.open(connection, () -> journal.closed(connection.number()));
        connections.add(connection, journal);
        FeedSimulator.this.opened(connection);
      }

      @Override
      public void received(FeedConnection connection, String text) {
        FeedSimulator.this.received(connection, text);
      }

      @Override
      public void closed(FeedConnection connection) {
        connections.remove(connection);
        FeedSimulator.this.closed(connection);
        connection.outbox().close();
      }
    };
  }
}
