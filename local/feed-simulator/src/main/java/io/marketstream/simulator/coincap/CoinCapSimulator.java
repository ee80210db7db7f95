package io.marketstream.simulator.coincap;

import io.marketstream.simulator.journal.Feed;
import io.marketstream.simulator.market.Instruments;
import io.marketstream.simulator.market.SimPrice;
import io.marketstream.simulator.market.SimTick;
import io.marketstream.simulator.server.FeedConnection;
import io.marketstream.simulator.server.FeedSimulator;
import io.marketstream.simulator.server.FeedSimulatorBuilder;
import io.marketstream.simulator.server.HandshakeAttempt;
import io.marketstream.simulator.server.HandshakeVerdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * CoinCap's websocket, API 3 (docs/feeds.md, CoinCap websocket): the URL is the subscription, and a
 * wrong key is accepted first and then refused in a text frame.
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
    super(Feed.COINCAP, builder, builder.market());
    apiKeys = builder.credentials();
    unauthorizedCloseCode = builder.unauthorizedCloseCode;
  }

  /** Returns a builder with the defaults of the real feed. */
  public static Builder builder() {
    return new Builder();
  }

  /** {@code ws://127.0.0.1:PORT/prices}. */
  @Override
  public String url() {
    return "ws://127.0.0.1:" + port() + PATH;
  }

  /**
   * Sends one frame with exactly these assets and prices, in this order. Every connection receives
   * it, whatever its assets.
   *
   * @return how many connections it was written to
   * @throws IllegalStateException while sending is paused
   */
  public int sendPrices(Map<String, String> prices) {
    List<SimPrice> ticks =
        prices.entrySet().stream()
            .map(entry -> new SimPrice(entry.getKey(), entry.getValue()))
            .toList();
    return sendRaw(encode(ticks), ticks);
  }

  @Override
  protected void sendUnauthorized() {
    connections().forEach(this::refuse);
  }

  @Override
  protected HandshakeVerdict judge(HandshakeAttempt attempt) {
    if (!attempt.path().equals(PATH)) {
      return new HandshakeVerdict.Refused(404, "");
    }
    String apiKey = attempt.query().get("apiKey");
    if (apiKey == null || !apiKeys.contains(apiKey)) {
      return new HandshakeVerdict.Accepted(null, Set.of());
    }
    Set<String> assets = new LinkedHashSet<>();
    Arrays.stream(attempt.query().getOrDefault("assets", "").split(","))
        .filter(asset -> !asset.isEmpty())
        .forEach(assets::add);
    return new HandshakeVerdict.Accepted(apiKey, assets);
  }

  @Override
  protected void opened(FeedConnection connection) {
    if (connection.credential() == null) {
      refuse(connection);
    }
  }

  @Override
  protected void received(FeedConnection connection, String text) {
    // Clients send nothing to this feed. Its answer is unknown.
  }

  @Override
  protected void closed(FeedConnection connection) {
    // Nothing to release.
  }

  @Override
  protected String encode(List<? extends SimTick> ticks) {
    return CoinCapFrames.prices(ticks);
  }

  @Override
  protected boolean subscribesEverything(Set<String> subscriptions) {
    return subscriptions.contains(ALL);
  }

  private void refuse(FeedConnection connection) {
    // The connection ends either way, so nobody waits for the result.
    var unused =
        write(connection, OpCode.TEXT, UNAUTHORIZED.getBytes(StandardCharsets.UTF_8))
            .thenRun(() -> connection.close(unauthorizedCloseCode, ""));
  }

  /** The settings of a CoinCap simulator. */
  public static final class Builder extends FeedSimulatorBuilder<Builder> {

    private int unauthorizedCloseCode = 1008;
    private Set<String> unknownAssets = Set.of();
    private int assets = Instruments.KNOWN_ASSETS;

    private Builder() {
      super(DEFAULT_API_KEY, FRAME_INTERVAL);
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** The accepted API keys. */
    public Builder apiKeys(String... apiKeys) {
      credentials = Set.of(apiKeys);
      return this;
    }

    /** The close code after "Unauthorized". The code of the real feed is unknown. */
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
     * How many assets {@code ALL} has. The real feed has thousands. Assets beyond the forty best
     * known are invented, like {@code coin-41}.
     */
    public Builder assets(int count) {
      assets = count;
      return this;
    }

    private CoinCapMarket market() {
      return new CoinCapMarket(seed, unknownAssets, assets);
    }

    private Set<String> credentials() {
      return credentials;
    }

    /** Starts the simulator. It listens when this method returns. */
    public CoinCapSimulator start() {
      return FeedSimulator.started(new CoinCapSimulator(this));
    }
  }
}
