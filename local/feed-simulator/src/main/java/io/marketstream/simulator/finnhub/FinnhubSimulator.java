package io.marketstream.simulator.finnhub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.simulator.fault.RawFrame;
import io.marketstream.simulator.journal.Feed;
import io.marketstream.simulator.market.EventTimes;
import io.marketstream.simulator.market.MarketHours;
import io.marketstream.simulator.market.SimTick;
import io.marketstream.simulator.market.SimTrade;
import io.marketstream.simulator.server.FeedConnection;
import io.marketstream.simulator.server.FeedSimulator;
import io.marketstream.simulator.server.FeedSimulatorBuilder;
import io.marketstream.simulator.server.HandshakeAttempt;
import io.marketstream.simulator.server.HandshakeVerdict;
import io.marketstream.simulator.server.SubscriptionRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.websocket.core.OpCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finnhub's websocket (docs/feeds.md, Finnhub websocket): subscriptions by message, up to ten
 * trades per message about once a second, 50 symbols, one connection per token.
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
    this(builder, builder.market());
  }

  private FinnhubSimulator(Builder builder, FinnhubMarket market) {
    super(Feed.FINNHUB, builder, market);
    this.market = market;
    tokens = builder.credentials();
    rules = new SubscriptionRules(builder.symbolLimit);
    rules.setSpellings(builder.spellings);
    rules.setInvalid(builder.invalidSymbols);
    rules.setDelay(builder.subscriptionDelay);
    secondConnection = builder.secondConnection;
    pingInterval = builder.pingInterval;
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

  /**
   * Sends one message with exactly these trades, in this order. Every connection with a
   * subscription receives it, whatever its symbols.
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

  /** Sets what happens at the next second connection of one token. */
  public void setSecondConnection(SecondConnection rule) {
    secondConnection = Objects.requireNonNull(rule);
  }

  @Override
  protected HandshakeVerdict judge(HandshakeAttempt attempt) {
    String token = attempt.query().get("token");
    if (!attempt.path().equals("/")) {
      return new HandshakeVerdict.Refused(404, "");
    }
    if (token == null || !tokens.contains(token)) {
      return new HandshakeVerdict.Refused(401, "");
    }
    if (secondConnection == SecondConnection.REFUSE_WITH_429 && isConnected(token)) {
      return new HandshakeVerdict.Refused(429, "");
    }
    return new HandshakeVerdict.Accepted(token, Set.of());
  }

  @Override
  protected void opened(FeedConnection connection) {
    if (!pingInterval.isZero()) {
      pings.put(connection, every(pingInterval, () -> ping(connection)));
    }
    // Two connections may open in another order than their handshakes. The number of the handshake
    // decides which one is older.
    for (FeedConnection other : connections()) {
      if (other != connection && Objects.equals(other.credential(), connection.credential())) {
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
  protected void closed(FeedConnection connection) {
    Future<?> ping = pings.remove(connection);
    if (ping != null) {
      ping.cancel(false);
    }
  }

  @Override
  protected void received(FeedConnection connection, String text) {
    JsonNode message;
    try {
      message = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      // The real answer to malformed JSON is unknown. Without an answer, no client can depend on
      // one.
      LOG.warn("Connection {} sent a message that is not JSON", connection.number());
      return;
    }
    String symbol = message.path("symbol").asText();
    switch (message.path("type").asText()) {
      case "subscribe" -> afterDelay(() -> subscribe(connection, symbol));
      case "unsubscribe" -> afterDelay(() -> unsubscribe(connection, symbol));
      default -> LOG.debug("Connection {} sent {}, which was ignored", connection.number(), text);
    }
  }

  @Override
  protected String encode(List<? extends SimTick> ticks) {
    return FinnhubFrames.trades(ticks);
  }

  @Override
  protected boolean subscribesEverything(Set<String> subscriptions) {
    return false;
  }

  /** Applies a change after the delay of subscriptions. Delayed changes keep their order. */
  private void afterDelay(Runnable change) {
    Duration delay = rules.delay();
    if (delay.isZero()) {
      change.run();
    } else {
      later(delay, change);
    }
  }

  @Override
  protected void changeEventTimes(UnaryOperator<EventTimes> change) {
    market.setEventTimes(change.apply(market.eventTimes()));
  }

  @Override
  protected SubscriptionRules subscriptionRules() {
    return rules;
  }

  private boolean isConnected(String token) {
    for (FeedConnection open : connections()) {
      if (token.equals(open.credential())) {
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
    // The sender thread puts the answer behind the messages that were created earlier.
    later(
        () -> {
          var unused = write(connection, OpCode.TEXT, utf8(frame));
        });
  }

  private void ping(FeedConnection connection) {
    var unused = write(connection, OpCode.TEXT, PING); // a client may miss a ping
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The settings of a Finnhub simulator. */
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
    protected Builder self() {
      return this;
    }

    /** The accepted tokens; each may have one connection. */
    public Builder tokens(String... tokens) {
      credentials = Set.of(tokens);
      return this;
    }

    /** How many symbols one connection may subscribe to. */
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
     * The symbols that the feed does not spell in upper case, like {@code GEMINI:btcusd}. A client
     * may subscribe to them in any case. They tick as spelled here.
     */
    public Builder spellings(String... symbols) {
      spellings = Set.of(symbols);
      return this;
    }

    /** How long a subscription or its refusal takes. The default is zero. */
    public Builder subscriptionDelay(Duration delay) {
      subscriptionDelay = Objects.requireNonNull(delay);
      return this;
    }

    /**
     * Gives the stocks of a market sessions and auctions, with their condition codes. Without
     * hours, stocks trade day and night with random codes.
     */
    public Builder hours(MarketHours newHours) {
      hours = Optional.of(newHours);
      return this;
    }

    /**
     * How a market's event times differ from the time of sending. By default they do not differ.
     */
    public Builder eventTimes(EventTimes newEventTimes) {
      eventTimes = Objects.requireNonNull(newEventTimes);
      return this;
    }

    /** The share of trades without codes that lack the key {@code c}, 0 to 1. */
    public Builder absentConditions(double share) {
      absentConditionsShare = share;
      return this;
    }

    /** What happens at a second connection of one token. */
    public Builder secondConnection(SecondConnection rule) {
      secondConnection = Objects.requireNonNull(rule);
      return this;
    }

    /** How often {@code {"type":"ping"}} is sent; zero for never. */
    public Builder pingInterval(Duration interval) {
      pingInterval = Objects.requireNonNull(interval);
      return this;
    }

    private FinnhubMarket market() {
      return new FinnhubMarket(seed, hours, eventTimes, absentConditionsShare);
    }

    private Set<String> credentials() {
      return credentials;
    }

    /** Starts the simulator. It listens when this method returns. */
    public FinnhubSimulator start() {
      return FeedSimulator.started(new FinnhubSimulator(this));
    }
  }
}
