package io.marketstream.simulator;

import io.marketstream.simulator.market.Instruments;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * CoinCap's websocket, API 3 (docs/feeds.md, CoinCap websocket): the subscription is the URL, a
 * wrong key is accepted and then told so in a text frame.
 */
public final class CoinCapSimulator extends FeedSimulator {

  /** The API key accepted unless another is set. */
  public static final String DEFAULT_API_KEY = "simulated-coincap-key";

  /** The asset that stands for all of them. */
  public static final String ALL = "ALL";

  static final String UNAUTHORIZED = "Unauthorized: invalid API key";

  private static final String PATH = "/prices";
  private static final Duration FRAME_INTERVAL = Duration.ofMillis(250);

  private final Set<String> apiKeys;
  private final int unauthorizedCloseCode;

  private CoinCapSimulator(Builder builder) {
    super(
        Feed.COINCAP,
        builder,
        new CoinCapMarket(builder.seed, builder.unknownAssets, builder.assets));
    apiKeys = builder.credentials;
    unauthorizedCloseCode = builder.unauthorizedCloseCode;
  }

  /** A simulator to be configured and started. */
  public static Builder builder() {
    return new Builder();
  }

  /** {@code ws://127.0.0.1:PORT/prices}. */
  @Override
  public String url() {
    return "ws://127.0.0.1:" + port() + PATH;
  }

  /**
   * Sends one frame of exactly these assets and prices, in this order, to every connection, whether
   * it asked for these assets or not.
   *
   * @return how many connections it was written to
   * @throws IllegalStateException while sending is paused
   */
  public int sendPrices(LinkedHashMap<String, String> prices) {
    List<SimPrice> ticks =
        prices.entrySet().stream()
            .map(entry -> new SimPrice(entry.getKey(), entry.getValue()))
            .toList();
    return sendRaw(encode(ticks), ticks);
  }

  /** Tells every connection that its key is no longer good, then closes it. */
  void sendUnauthorized() {
    connections().forEach(this::refuse);
  }

  @Override
  FeedServer.Verdict judge(HandshakeAttempt attempt) {
    if (!attempt.path().equals(PATH)) {
      return new FeedServer.Refused(404, "");
    }
    String apiKey = attempt.query().get("apiKey");
    if (apiKey == null || !apiKeys.contains(apiKey)) {
      return new FeedServer.Accepted(null, Set.of());
    }
    Set<String> assets = new LinkedHashSet<>();
    Arrays.stream(attempt.query().getOrDefault("assets", "").split(","))
        .filter(asset -> !asset.isEmpty())
        .forEach(assets::add);
    return new FeedServer.Accepted(apiKey, assets);
  }

  @Override
  void opened(FeedConnection connection) {
    if (connection.credential() == null) {
      refuse(connection);
    }
  }

  @Override
  void received(FeedConnection connection, String text) {
    // Nothing is ever sent to this feed; what it would answer is unknown.
  }

  @Override
  void closed(FeedConnection connection) {
    // A connection holds nothing here.
  }

  @Override
  String encode(List<? extends SimTick> ticks) {
    return CoinCapFrames.prices(ticks);
  }

  @Override
  boolean subscribesEverything(Set<String> subscriptions) {
    return subscriptions.contains(ALL);
  }

  private void refuse(FeedConnection connection) {
    write(connection, OpCode.TEXT, UNAUTHORIZED.getBytes(StandardCharsets.UTF_8))
        .thenRun(() -> connection.close(unauthorizedCloseCode, ""));
  }

  /** CoinCap's configuration. */
  public static final class Builder extends FeedSimulatorBuilder<Builder> {

    private int unauthorizedCloseCode = 1008;
    private Set<String> unknownAssets = Set.of();
    private int assets = Instruments.KNOWN_ASSETS;

    private Builder() {
      super(DEFAULT_API_KEY, FRAME_INTERVAL);
    }

    @Override
    Builder self() {
      return this;
    }

    /** The accepted API keys. */
    public Builder apiKeys(String... apiKeys) {
      credentials = Set.of(apiKeys);
      return this;
    }

    /** The close code after "Unauthorized"; which one the feed uses is unknown. */
    public Builder unauthorizedCloseCode(int code) {
      unauthorizedCloseCode = code;
      return this;
    }

    /** Slugs that may be subscribed but never get a price. */
    public Builder unknownAssets(String... slugs) {
      unknownAssets = Set.of(slugs);
      return this;
    }

    /**
     * How many assets {@code ALL} stands for. The real feed has thousands; beyond the best known
     * forty they are made up, like {@code coin-41}.
     */
    public Builder assets(int count) {
      assets = count;
      return this;
    }

    /** Starts it; it listens when this returns. */
    public CoinCapSimulator start() {
      return FeedSimulator.started(new CoinCapSimulator(this));
    }
  }
}
