package io.marketstream.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.simulator.market.MarketHours;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.eclipse.jetty.websocket.core.OpCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finnhub's websocket (docs/feeds.md, Finnhub websocket): subscriptions by message, ten trades a
 * message about once a second, 50 symbols, one connection per token.
 */
public final class FinnhubSimulator extends FeedSimulator {

  /** The token accepted unless another is set. */
  public static final String DEFAULT_TOKEN = "simulated-finnhub-token";

  private static final Logger LOG = LoggerFactory.getLogger(FinnhubSimulator.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOO_MANY_SYMBOLS =
      FinnhubFrames.error("Subscribing to too many symbols");
  private static final byte[] PING = utf8("{\"type\":\"ping\"}");
  private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(1);

  private final FinnhubMarket market;
  private final Set<String> tokens;
  private final SubscriptionRules rules;
  private final Duration pingInterval;
  private final Map<FeedConnection, Future<?>> pings = new ConcurrentHashMap<>();
  private volatile SecondConnection secondConnection;

  private FinnhubSimulator(Builder builder) {
    this(
        builder,
        new FinnhubMarket(
            builder.seed, builder.hours, builder.eventTimes, builder.absentConditionsShare));
  }

  private FinnhubSimulator(Builder builder, FinnhubMarket market) {
    super(Feed.FINNHUB, builder, market);
    this.market = market;
    tokens = builder.credentials;
    rules = new SubscriptionRules(builder.symbolLimit);
    rules.setSpellings(builder.spellings);
    rules.setInvalid(builder.invalidSymbols);
    rules.setDelay(builder.subscriptionDelay);
    secondConnection = builder.secondConnection;
    pingInterval = builder.pingInterval;
  }

  /** A simulator to be configured and started. */
  public static Builder builder() {
    return new Builder();
  }

  /** {@code ws://127.0.0.1:PORT}. */
  @Override
  public String url() {
    return "ws://127.0.0.1:" + port();
  }

  /**
   * Sends one message of exactly these trades in this order to every connection that subscribed
   * anything, whether it subscribed these symbols or not.
   *
   * @return how many connections it was written to
   * @throws IllegalStateException while sending is paused
   */
  public int send(List<SimTrade> trades) {
    return sendRaw(encode(trades), trades);
  }

  /**
   * Sends {@code {"type":"ping"}} now.
   *
   * @return how many connections it was written to
   */
  public int sendPing() {
    return sendRaw(RawFrame.textBytes(PING));
  }

  /**
   * Sends an error frame with this text.
   *
   * @return how many connections it was written to
   */
  public int sendError(String message) {
    return sendRaw(FinnhubFrames.error(message));
  }

  /** Sets the symbols that are answered with "Invalid symbol …", as spelled by the feed. */
  public void setInvalidSymbols(Set<String> symbols) {
    rules.setInvalid(symbols);
  }

  /** Sets what the next second connection of one token brings about. */
  public void setSecondConnection(SecondConnection rule) {
    secondConnection = Objects.requireNonNull(rule);
  }

  @Override
  FeedServer.Verdict judge(HandshakeAttempt attempt) {
    String token = attempt.query().get("token");
    if (!attempt.path().equals("/")) {
      return new FeedServer.Refused(404, "");
    }
    if (token == null || !tokens.contains(token)) {
      return new FeedServer.Refused(401, "");
    }
    if (secondConnection == SecondConnection.REFUSE_WITH_429 && isConnected(token)) {
      return new FeedServer.Refused(429, "");
    }
    return new FeedServer.Accepted(token, Set.of());
  }

  @Override
  void opened(FeedConnection connection) {
    if (!pingInterval.isZero()) {
      pings.put(connection, sender().every(pingInterval, () -> ping(connection)));
    }
    // The openings of two connections may overtake each other; their handshakes tell which is
    // older.
    for (FeedConnection other : connections()) {
      if (other != connection && other.credential().equals(connection.credential())) {
        if (other.number() < connection.number()
            || secondConnection == SecondConnection.DROP_BOTH) {
          other.drop();
        }
        if (other.number() > connection.number()
            || secondConnection == SecondConnection.DROP_BOTH) {
          connection.drop();
        }
      }
    }
  }

  @Override
  void closed(FeedConnection connection) {
    Future<?> ping = pings.remove(connection);
    if (ping != null) {
      ping.cancel(false);
    }
  }

  @Override
  void received(FeedConnection connection, String text) {
    JsonNode message;
    try {
      message = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      // What the feed answers to malformed JSON is unknown; silence is what clients can least rely
      // on.
      LOG.warn("Connection {} sent what is no JSON", connection.number());
      return;
    }
    String symbol = message.path("symbol").asText();
    switch (message.path("type").asText()) {
      case "subscribe" -> afterDelay(() -> subscribe(connection, symbol));
      case "unsubscribe" -> afterDelay(() -> unsubscribe(connection, symbol));
      default ->
          LOG.debug("Connection {} sent {}, which changes nothing", connection.number(), text);
    }
  }

  @Override
  String encode(List<? extends SimTick> ticks) {
    return FinnhubFrames.trades(ticks);
  }

  @Override
  boolean subscribesEverything(Set<String> subscriptions) {
    return false;
  }

  /** What slow subscriptions hold up keeps its order; without a delay it happens at once. */
  private void afterDelay(Runnable change) {
    Duration delay = rules.delay();
    if (delay.isZero()) {
      change.run();
    } else {
      sender().later(delay, change);
    }
  }

  /** What the market's event times are. */
  EventTimes eventTimes() {
    return market.eventTimes();
  }

  void setEventTimes(EventTimes eventTimes) {
    market.setEventTimes(eventTimes);
  }

  /** Who may subscribe what, and how soon. */
  SubscriptionRules subscriptionRules() {
    return rules;
  }

  private boolean isConnected(String token) {
    for (FeedConnection open : connections()) {
      if (open.credential().equals(token)) {
        return true;
      }
    }
    return false;
  }

  private void unsubscribe(FeedConnection connection, String symbol) {
    connection.unsubscribe(rules.spelled(symbol));
    subscriptionsChanged();
  }

  private void subscribe(FeedConnection connection, String symbol) {
    String spelled = rules.spelled(symbol);
    switch (rules.decide(spelled, connection.subscriptions())) {
      case INVALID -> answer(connection, FinnhubFrames.error("Invalid symbol " + symbol));
      case TOO_MANY -> answer(connection, TOO_MANY_SYMBOLS);
      case ACCEPTED -> {
        if (connection.subscribe(spelled, rules.limit())) {
          subscriptionsChanged();
        } else {
          answer(connection, TOO_MANY_SYMBOLS);
        }
      }
    }
  }

  private void answer(FeedConnection connection, String frame) {
    // Through the sender thread: after the messages that were made before.
    sender().later(() -> write(connection, OpCode.TEXT, utf8(frame)));
  }

  private void ping(FeedConnection connection) {
    write(connection, OpCode.TEXT, PING);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Finnhub's configuration. */
  public static final class Builder extends FeedSimulatorBuilder<Builder> {

    private int symbolLimit = 50;
    private Set<String> invalidSymbols = Set.of();
    private Set<String> spellings = Set.of();
    private Duration subscriptionDelay = Duration.ZERO;
    private Optional<MarketHours> hours = Optional.empty();
    private EventTimes eventTimes = EventTimes.ON_TIME;
    private double absentConditionsShare;
    private SecondConnection secondConnection = SecondConnection.DROP_OLDER;
    private Duration pingInterval = Duration.ofSeconds(60);

    private Builder() {
      super(DEFAULT_TOKEN, FLUSH_INTERVAL);
    }

    @Override
    Builder self() {
      return this;
    }

    /** The accepted tokens; each may have one connection. */
    public Builder tokens(String... tokens) {
      credentials = Set.of(tokens);
      return this;
    }

    /** How many symbols one connection may subscribe. */
    public Builder symbolLimit(int limit) {
      symbolLimit = limit;
      return this;
    }

    /** The symbols that are answered with "Invalid symbol …". */
    public Builder invalidSymbols(String... symbols) {
      invalidSymbols = Set.of(symbols);
      return this;
    }

    /**
     * The symbols that the feed does not spell in upper case throughout, like {@code
     * GEMINI:btcusd}. They can be subscribed in any case and tick as spelled here.
     */
    public Builder spellings(String... symbols) {
      spellings = Set.of(symbols);
      return this;
    }

    /** How long a subscription or its refusal takes; the default is no time. */
    public Builder subscriptionDelay(Duration delay) {
      subscriptionDelay = Objects.requireNonNull(delay);
      return this;
    }

    /**
     * Lets a market's stocks have sessions and auctions with the condition codes of each. Without
     * hours they trade round the clock with codes at random.
     */
    public Builder hours(MarketHours newHours) {
      hours = Optional.of(newHours);
      return this;
    }

    /** How a market's event times differ from the time of sending; the default is not at all. */
    public Builder eventTimes(EventTimes newEventTimes) {
      eventTimes = Objects.requireNonNull(newEventTimes);
      return this;
    }

    /** Which share of a market's trades without codes has no key {@code c}, 0 to 1. */
    public Builder absentConditions(double share) {
      absentConditionsShare = share;
      return this;
    }

    /** What a second connection of one token brings about. */
    public Builder secondConnection(SecondConnection rule) {
      secondConnection = Objects.requireNonNull(rule);
      return this;
    }

    /** How often {@code {"type":"ping"}} is sent; zero for never. */
    public Builder pingInterval(Duration interval) {
      pingInterval = Objects.requireNonNull(interval);
      return this;
    }

    /** Starts it; it listens when this returns. */
    public FinnhubSimulator start() {
      return FeedSimulator.started(new FinnhubSimulator(this));
    }
  }
}
