package io.marketstream.simulator.coinbase;

import io.marketstream.simulator.journal.Feed;
import io.marketstream.simulator.market.SimMatch;
import io.marketstream.simulator.market.SimMatch.Side;
import io.marketstream.simulator.market.SimTick;
import io.marketstream.simulator.server.FeedConnection;
import io.marketstream.simulator.server.FeedSimulator;
import io.marketstream.simulator.server.FeedSimulatorBuilder;
import io.marketstream.simulator.server.HandshakeAttempt;
import io.marketstream.simulator.server.HandshakeVerdict;
import io.marketstream.simulator.server.PlainRequest;
import io.marketstream.simulator.server.PlainResponse;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Coinbase Exchange (docs/feeds.md, Coinbase): the websocket with matches and heartbeats, and on
 * the same port the REST pages with which a client repairs holes.
 *
 * <p>The venue's trades are the truth ({@link #history}). They happen whether or not a socket is
 * told: {@link #dropNextMatches} keeps them from the sockets, and nothing is sent again after a
 * reconnect. By default the market also trades while nobody is connected.
 *
 * <p>The journal records every {@code match} and every {@code last_match} that was sent. So a trade
 * can be in it more than once per connection; count the trade ids. While sending is paused, the
 * market does not trade, and a new subscription gets no {@code last_match}.
 */
public final class CoinbaseSimulator extends FeedSimulator {

  /** What the real feed allows. */
  public static final int DEFAULT_REST_PER_SECOND = 10;

  /** What the real feed allows in a burst. */
  public static final int DEFAULT_REST_BURST = 15;

  private static final Duration MARKET_INTERVAL = Duration.ofMillis(20);
  private static final int NORMAL_CLOSURE = 1000;

  private final CoinbaseVenue venue;
  private final CoinbaseMarket market;
  private final CoinbaseRest rest;
  private final boolean tradesUnattended;
  private final Duration heartbeatPeriod;
  private final Duration subscribeDeadline;
  private final boolean deadlineClosesCleanly;
  private final boolean deflate;

  /** Only for the order of lists, which must not depend on the market. */
  private final Random shuffling;

  private final Map<FeedConnection, ChannelSubscriptions> subscriptions = new ConcurrentHashMap<>();

  /** By product, how many of the next matches no socket receives. */
  private final Map<String, Integer> toDrop = new HashMap<>();

  private volatile boolean dataBeforeAnswer;
  private volatile boolean unknownFields;
  private volatile HeartbeatMode heartbeatMode = HeartbeatMode.NORMAL;

  private CoinbaseSimulator(Builder builder, CoinbaseVenue venue, CoinbaseMarket market) {
    super(Feed.COINBASE, builder, market);
    this.venue = venue;
    this.market = market;
    rest =
        new CoinbaseRest(
            venue,
            clock(),
            new TokenBucket(builder.restPerSecond, builder.restBurst, System::nanoTime),
            builder.visibilityDelay,
            builder.beforeGivesOldest);
    tradesUnattended = builder.tradesUnattended;
    heartbeatPeriod = builder.heartbeatPeriod;
    subscribeDeadline = builder.subscribeDeadline;
    deadlineClosesCleanly = builder.deadlineClosesCleanly;
    deflate = builder.deflate;
    dataBeforeAnswer = builder.dataBeforeAnswer;
    shuffling = new Random(builder.seed());
    market.makePast(builder.pastTrades, clock().instant());
  }

  /** Returns a builder with the defaults of the real feed. */
  public static Builder builder() {
    return new Builder();
  }

  /** {@code ws://127.0.0.1:PORT}. */
  @Override
  public String url() {
    return "ws://127.0.0.1:" + port();
  }

  /** {@link #url()} as a URI. */
  public URI websocketUri() {
    return URI.create(url());
  }

  /** {@code http://127.0.0.1:PORT}, the root of {@code /products}. */
  public URI restUri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /**
   * Every trade of a product that the venue knows, oldest first: sent or not, and also those that
   * REST does not show yet.
   */
  public List<SimMatch> history(String product) {
    return venue.history(product);
  }

  /** The newest 10,000 REST requests, oldest first. */
  public List<RestRequest> restRequests() {
    return rest.requests();
  }

  /**
   * Makes one trade with this price and size, and sends it.
   *
   * @throws IllegalStateException while sending is paused
   */
  public SimMatch trade(String product, Side makerSide, String price, String size) {
    return trades(
            product,
            () -> List.of(market.trade(product, makerSide, price, size, clock().instant())))
        .get(0);
  }

  /**
   * Makes this many trades at random prices, each of its own incoming order, and sends them.
   *
   * @throws IllegalStateException while sending is paused
   */
  public List<SimMatch> trade(String product, int count) {
    List<SimMatch> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.addAll(sweep(product, 1));
    }
    return made;
  }

  /**
   * Makes one incoming order that meets this many resting orders, and sends its trades.
   *
   * @throws IllegalStateException while sending is paused
   */
  public List<SimMatch> sweep(String product, int fills) {
    return trades(product, () -> market.takerOrder(product, fills, clock().instant()));
  }

  /**
   * Sends an error frame with this text.
   *
   * @param reason null for a frame without a reason
   * @return how many connections it was written to
   */
  public int sendError(String message, @Nullable String reason) {
    return sendRaw(CoinbaseFrames.error(message, reason));
  }

  /** Sends one heartbeat per product that is subscribed, with the time of the last full second. */
  public void sendHeartbeats() {
    Instant second = Instant.ofEpochSecond(clock().instant().getEpochSecond());
    call(() -> sendHeartbeats(second)).forEach(CompletableFuture::join);
  }

  /**
   * Keeps the next matches of a product from every socket. The trades happen, and REST gives them.
   */
  public void dropNextMatches(String product, int count) {
    requireProduct(product);
    synchronized (toDrop) {
      toDrop.merge(product, count, Integer::sum);
    }
  }

  /** How many matches of a product {@link #dropNextMatches} still has to drop. */
  public int matchesToDrop(String product) {
    synchronized (toDrop) {
      return toDrop.getOrDefault(product, 0);
    }
  }

  /** Lets REST show a trade only when it is this old. */
  public void delayVisibility(Duration delay) {
    rest.setVisibilityDelay(Objects.requireNonNull(delay));
  }

  /**
   * Makes a trade id truly absent: the venue has no such trade. An id of the future is left out
   * when its turn comes. A trade that happened is forgotten, although a socket may have sent it.
   */
  public void markAbsent(String product, long tradeId) {
    venue.markAbsent(product, tradeId);
  }

  /** Answers the next REST requests with 429. */
  public void rateLimitNext(int requests) {
    rest.rateLimitNext(requests);
  }

  /** Answers the next REST requests with this status and a page of HTML. */
  public void failRest(int requests, int status) {
    rest.failNext(requests, status);
  }

  /** Answers the next REST requests after this time. */
  public void delayRest(int requests, Duration delay) {
    rest.delayNext(requests, delay);
  }

  /** Cancels the faults of REST requests that have not happened yet. */
  public void healRest() {
    rest.clearFaults();
  }

  /**
   * Delists a product. Its trading and its heartbeats end before this returns, and new
   * subscriptions are refused. REST keeps its trades.
   */
  public void delist(String product) {
    call(
        () -> {
          venue.delist(product);
          return true;
        });
  }

  /**
   * Stops the market of a product. It makes no further trade when this returns. Its heartbeats
   * continue.
   */
  public void haltTrading(String product) {
    call(
        () -> {
          venue.setHalted(product, true);
          return true;
        });
  }

  /** Ends {@link #haltTrading}. */
  public void resumeTrading(String product) {
    venue.setHalted(product, false);
  }

  /** Sets what heartbeats say about the newest trade. */
  public void setHeartbeatMode(HeartbeatMode mode) {
    heartbeatMode = Objects.requireNonNull(mode);
  }

  /** Whether some data comes before the answer to a subscription. */
  public void setDataBeforeAnswer(boolean before) {
    dataBeforeAnswer = before;
  }

  /** Whether matches and heartbeats end with a field that is not documented. */
  public void setUnknownFields(boolean unknown) {
    unknownFields = unknown;
  }

  @Override
  protected HandshakeVerdict judge(HandshakeAttempt attempt) {
    return attempt.path().equals("/")
        ? new HandshakeVerdict.Accepted("", Set.of())
        : new HandshakeVerdict.Refused(404, "");
  }

  @Override
  protected boolean compresses() {
    return deflate;
  }

  @Override
  protected Optional<PlainResponse> answer(PlainRequest request) {
    return Optional.of(rest.answer(request));
  }

  @Override
  protected void opened(FeedConnection connection) {
    subscriptions.put(connection, new ChannelSubscriptions(venue));
    later(subscribeDeadline, () -> endWithoutSubscription(connection));
  }

  @Override
  protected void closed(FeedConnection connection) {
    subscriptions.remove(connection);
  }

  @Override
  protected void received(FeedConnection connection, String text) {
    // On the sender thread no trade happens between a last_match and the matches after it.
    later(() -> apply(connection, text));
  }

  @Override
  protected String encode(List<? extends SimTick> ticks) {
    return match((SimMatch) ticks.get(0));
  }

  @Override
  protected boolean subscribesEverything(Set<String> symbols) {
    return false;
  }

  @Override
  protected Set<String> tradedSymbols() {
    Set<String> trading = venue.trading();
    if (!tradesUnattended) {
      trading.retainAll(subscribedSymbols());
    }
    return trading;
  }

  @Override
  protected void deliver(List<? extends SimTick> order) {
    var unused = send(order); // the journal records the result
  }

  private void endWithoutSubscription(FeedConnection connection) {
    ChannelSubscriptions own = subscriptions.get(connection);
    if (own == null || own.hasAsked()) {
      return;
    }
    if (deadlineClosesCleanly) {
      connection.close(NORMAL_CLOSURE, "");
    } else {
      connection.drop();
    }
  }

  private void apply(FeedConnection connection, String text) {
    ChannelSubscriptions own = subscriptions.get(connection);
    if (own == null) {
      return; // the connection has ended
    }
    ChannelSubscriptions.Outcome outcome = own.apply(text);
    outcome.errors().forEach(error -> answer(connection, error));
    if (!outcome.isAnswered()) {
      return;
    }
    List<SimMatch> newest =
        outcome.added().getOrDefault(ChannelSubscriptions.MATCHES, Set.of()).stream()
            .flatMap(product -> venue.newest(product).stream())
            .toList();
    int early = dataBeforeAnswer ? (newest.size() + 1) / 2 : 0;
    newest.subList(0, early).forEach(trade -> writeLastMatch(connection, trade));
    answer(connection, CoinbaseFrames.subscriptions(own.shuffled(shuffling)));
    newest.subList(early, newest.size()).forEach(trade -> writeLastMatch(connection, trade));
    outcome.added().getOrDefault(ChannelSubscriptions.TICKER, Set.of()).stream()
        .flatMap(product -> venue.newest(product).stream())
        .forEach(trade -> answer(connection, venue.ticker(trade)));
    mirror(connection, own.products(ChannelSubscriptions.MATCHES));
  }

  /** The connection's own subscriptions are those of the channel that carries the ticks. */
  private void mirror(FeedConnection connection, Set<String> products) {
    connection.subscriptions().stream()
        .filter(product -> !products.contains(product))
        .forEach(connection::unsubscribe);
    products.forEach(product -> connection.subscribe(product, Integer.MAX_VALUE));
    subscriptionsChanged();
  }

  private List<SimMatch> trades(String product, Supplier<List<SimMatch>> maker) {
    requireProduct(product);
    List<CompletableFuture<Boolean>> written = new ArrayList<>();
    List<SimMatch> made =
        call(
            () -> {
              if (isPaused()) {
                throw new IllegalStateException("Sending is paused. Call resumeSending() first");
              }
              List<SimMatch> order = maker.get();
              written.addAll(send(order));
              return order;
            });
    written.forEach(CompletableFuture::join);
    return made;
  }

  /** Sends the trades of one incoming order, except those that are to be dropped. */
  private List<CompletableFuture<Boolean>> send(List<? extends SimTick> order) {
    List<CompletableFuture<Boolean>> written = new ArrayList<>();
    SimTick newest = order.get(order.size() - 1);
    for (SimTick tick : order) {
      if (takeDrop(tick.symbol())) {
        continue;
      }
      String frame = match((SimMatch) tick);
      for (FeedConnection connection : connections()) {
        if (connection.subscriptions().contains(tick.symbol())) {
          written.add(write(connection, frame, List.of(tick)));
        }
      }
    }
    sendTo(
        ChannelSubscriptions.TICKER,
        newest.symbol(),
        () -> venue.ticker((SimMatch) newest),
        written);
    return written;
  }

  /** Sends one frame to the connections that subscribed to this channel of this product. */
  private void sendTo(
      String channel,
      String product,
      Supplier<String> frame,
      List<CompletableFuture<Boolean>> written) {
    List<FeedConnection> receivers = new ArrayList<>();
    subscriptions.forEach(
        (connection, own) -> {
          if (own.products(channel).contains(product)) {
            receivers.add(connection);
          }
        });
    if (!receivers.isEmpty()) {
      String text = frame.get();
      receivers.forEach(connection -> written.add(write(connection, text)));
    }
  }

  private boolean takeDrop(String product) {
    synchronized (toDrop) {
      int left = toDrop.getOrDefault(product, 0);
      if (left > 0) {
        toDrop.put(product, left - 1);
      }
      return left > 0;
    }
  }

  private List<CompletableFuture<Boolean>> sendHeartbeats(Instant time) {
    List<CompletableFuture<Boolean>> written = new ArrayList<>();
    HeartbeatMode mode = heartbeatMode;
    List<String> products = new ArrayList<>();
    venue.products().forEach(product -> products.add(product.id()));
    products.removeIf(venue::isDelisted);
    Collections.shuffle(products, shuffling);
    for (String product : products) {
      List<SimMatch> following =
          mode == HeartbeatMode.AHEAD && !isPaused() && tradedSymbols().contains(product)
              ? market.takerOrder(product, 1, clock().instant())
              : List.of();
      String frame = heartbeat(product, time, mode);
      for (int copy = 0; copy < (mode == HeartbeatMode.REPEATED ? 2 : 1); copy++) {
        sendTo(ChannelSubscriptions.HEARTBEAT, product, () -> frame, written);
      }
      if (!following.isEmpty()) {
        written.addAll(send(following));
      }
    }
    return written;
  }

  private String heartbeat(String product, Instant time, HeartbeatMode mode) {
    long newest =
        mode == HeartbeatMode.ZERO ? 0 : venue.newest(product).map(SimMatch::id).orElse(0L);
    return CoinbaseFrames.heartbeat(product, newest, market.sequence(product), time, unknownFields);
  }

  /** Sends heartbeats at the next full period, and so on. */
  private void beatAtNext(Instant after) {
    long period = heartbeatPeriod.toMillis();
    Instant now = clock().instant();
    long base = Math.max(now.toEpochMilli(), after.toEpochMilli());
    Instant next = Instant.ofEpochMilli((base / period + 1) * period);
    later(
        Duration.between(now, next),
        () -> {
          // At the second, or one microsecond after it.
          sendHeartbeats(next.plusNanos(shuffling.nextInt(2) * 1_000L));
          beatAtNext(next);
        });
  }

  private String match(SimMatch trade) {
    return CoinbaseFrames.match("match", trade, unknownFields);
  }

  private void writeLastMatch(FeedConnection connection, SimMatch trade) {
    // The journal records the result.
    var unused =
        write(connection, CoinbaseFrames.match("last_match", trade, unknownFields), List.of(trade));
  }

  private void answer(FeedConnection connection, String frame) {
    var unused = write(connection, frame); // without it, the client sees its connection end
  }

  private CompletableFuture<Boolean> write(FeedConnection connection, String frame) {
    return write(connection, frame, List.of());
  }

  private void requireProduct(String product) {
    if (!venue.isListed(product)) {
      throw new IllegalArgumentException("The simulator has no product '" + product + "'");
    }
  }

  /** The settings of a Coinbase simulator. */
  public static final class Builder extends FeedSimulatorBuilder<Builder> {

    private List<String> products = List.of("BTC-USD", "ETH-USD", "SOL-USD");
    private Set<String> delisted = Set.of();
    private final Map<String, Long> firstTradeIds = new HashMap<>();
    private int pastTrades = 1;
    private int maxHistory = 1_000_000;
    private boolean tradesUnattended = true;
    private boolean dataBeforeAnswer;
    private Duration subscribeDeadline = Duration.ofSeconds(5);
    private boolean deadlineClosesCleanly = true;
    private Duration heartbeatPeriod = Duration.ofSeconds(1);
    private Duration visibilityDelay = Duration.ZERO;
    private double restPerSecond = DEFAULT_REST_PER_SECOND;
    private int restBurst = DEFAULT_REST_BURST;
    private boolean beforeGivesOldest;
    private boolean deflate = true;

    private Builder() {
      super("", MARKET_INTERVAL);
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** The products that the venue lists. An unknown one gets an invented price. */
    public Builder products(String... ids) {
      products = List.of(ids);
      return this;
    }

    /** Products that are listed as delisted from the start. */
    public Builder delisted(String... ids) {
      delisted = Set.of(ids);
      return this;
    }

    /** The number of a product's first trade. The default is large for the well-known products. */
    public Builder firstTradeId(String product, long id) {
      firstTradeIds.put(product, id);
      return this;
    }

    /** As {@link #firstTradeId}, for several products. */
    public Builder firstTradeIds(Map<String, Long> ids) {
      firstTradeIds.putAll(ids);
      return this;
    }

    /** Determines prices and sizes in manual mode; {@link #market} has a seed of its own. */
    public Builder seed(long newSeed) {
      seed = newSeed;
      return this;
    }

    /** How many trades each product had before the start. The default is 1. */
    public Builder pastTrades(int count) {
      pastTrades = count;
      return this;
    }

    /** How many trades per product the venue remembers. The default is 1,000,000. */
    public Builder maxHistory(int trades) {
      maxHistory = trades;
      return this;
    }

    /** Whether the market trades what nobody subscribed to. The default is true. */
    public Builder tradesUnattended(boolean trades) {
      tradesUnattended = trades;
      return this;
    }

    /** Whether some data comes before the answer to a subscription. The default is false. */
    public Builder dataBeforeAnswer(boolean before) {
      dataBeforeAnswer = before;
      return this;
    }

    /** How long a client may take to send its first subscription. */
    public Builder subscribeDeadline(Duration deadline) {
      subscribeDeadline = Objects.requireNonNull(deadline);
      return this;
    }

    /**
     * Whether a missed deadline ends with the close code 1000. Otherwise it ends without a close
     * frame. The behaviour of the real feed is unknown.
     */
    public Builder deadlineClosesCleanly(boolean cleanly) {
      deadlineClosesCleanly = cleanly;
      return this;
    }

    /** How often heartbeats are sent; zero for only by {@link #sendHeartbeats()}. */
    public Builder heartbeatPeriod(Duration period) {
      heartbeatPeriod = Objects.requireNonNull(period);
      return this;
    }

    /** How old a trade is when REST shows it. The default is zero. */
    public Builder visibilityDelay(Duration delay) {
      visibilityDelay = Objects.requireNonNull(delay);
      return this;
    }

    /** The REST requests that are allowed per second, and in a burst. */
    public Builder restLimit(double perSecond, int burst) {
      restPerSecond = perSecond;
      restBurst = burst;
      return this;
    }

    /**
     * Whether {@code before} gives the oldest of more than a page of newer trades. By default it
     * gives the newest. The behaviour of the real feed is unknown.
     */
    public Builder beforeGivesOldest(boolean oldest) {
      beforeGivesOldest = oldest;
      return this;
    }

    /** Whether permessage-deflate is agreed if the client offers it. The default is true. */
    public Builder deflate(boolean agreed) {
      deflate = agreed;
      return this;
    }

    private long seed() {
      return seed;
    }

    private CoinbaseVenue venue() {
      List<String> all = new ArrayList<>(products);
      delisted.stream().filter(product -> !all.contains(product)).sorted().forEach(all::add);
      if (!all.containsAll(firstTradeIds.keySet())) {
        throw new IllegalArgumentException(
            "First trade ids " + firstTradeIds + " need products among " + all);
      }
      CoinbaseVenue venue =
          new CoinbaseVenue(
              all.stream()
                  .map(CoinbaseProduct::of)
                  .map(
                      product ->
                          product.startingAt(
                              firstTradeIds.getOrDefault(product.id(), product.firstTradeId())))
                  .toList(),
              maxHistory);
      delisted.forEach(venue::delist);
      return venue;
    }

    /** Starts the simulator. It listens when this method returns. */
    public CoinbaseSimulator start() {
      CoinbaseVenue venue = venue();
      CoinbaseSimulator simulator =
          FeedSimulator.started(
              new CoinbaseSimulator(this, venue, new CoinbaseMarket(venue, seed)));
      if (!heartbeatPeriod.isZero()) {
        simulator.later(() -> simulator.beatAtNext(Instant.EPOCH));
      }
      return simulator;
    }
  }
}
