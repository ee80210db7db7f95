package io.marketstream.coinbase;

import io.marketstream.feed.buffer.BufferConfig;
import io.marketstream.feed.config.ConfigValidators;
import io.marketstream.feed.config.CrossChecks;
import io.marketstream.feed.config.TextRules;
import io.marketstream.feed.record.RecordsConfig;
import io.marketstream.feed.repair.RepairSettings;
import io.marketstream.feed.session.ConnectionConfig;
import io.marketstream.feed.task.FeedTaskConfig;
import io.marketstream.feed.task.PluginVersion;
import io.marketstream.feed.websocket.NetworkConfig;
import io.marketstream.feed.websocket.RestClient;
import io.marketstream.feed.websocket.WebSocketSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configuration of the Coinbase connector. */
public final class CoinbaseSourceConfig extends AbstractConfig {

  public static final String PRODUCTS = "coinbase.products";
  public static final String WEBSOCKET_URL = "coinbase.websocket.url";
  public static final String REST_URL = "coinbase.rest.url";
  public static final String REPAIR_ENABLED = "coinbase.repair.enabled";
  public static final String REPAIR_MAX_TRADES = "coinbase.repair.max.trades";
  public static final String REPAIR_REQUESTS_PER_SECOND = "coinbase.repair.requests.per.second";
  private static final Logger LOG = LoggerFactory.getLogger(CoinbaseSourceConfig.class);
  private static final Duration MIN_REST_TIMEOUT = Duration.ofSeconds(30);
  private static final String DEFAULT_WEBSOCKET_URL = "wss://ws-feed.exchange.coinbase.com";
  private static final String DEFAULT_REST_URL = "https://api.exchange.coinbase.com";
  private static final String GROUP = "Coinbase";
  private static final String REPAIR_GROUP = "Repair";
  private static final int DEFAULT_MAX_TRADES = 100_000;
  private static final int MAX_TRADES_LIMIT = 10_000_000;
  private static final int DEFAULT_REQUESTS_PER_SECOND = 3;
  // The venue allows ten requests per second and address.
  private static final int MAX_REQUESTS_PER_SECOND = 10;
  private static final Pattern PRODUCT = Pattern.compile("[A-Z0-9]{1,60}-[A-Z0-9]{1,60}");

  // Each product has a heartbeat per second, so 15 s without a frame mean a dead socket.
  private static final long IDLE_TIMEOUT_MS = 15_000;
  private static final long NO_PINGS = 0;

  // The feed allows ten messages per second.
  private static final Duration SUBSCRIBE_INTERVAL = Duration.ofMillis(200);

  public CoinbaseSourceConfig(Map<String, String> properties) {
    super(definition(), properties, false);
  }

  /** All keys of the connector. */
  public static ConfigDef definition() {
    ConfigDef def =
        new ConfigDef()
            .define(
                PRODUCTS,
                ConfigDef.Type.LIST,
                ConfigDef.NO_DEFAULT_VALUE,
                products(),
                Importance.HIGH,
                "The products to subscribe to: BTC-USD, ETH-EUR.",
                GROUP,
                1,
                Width.LONG,
                "Products")
            .define(
                WEBSOCKET_URL,
                ConfigDef.Type.STRING,
                DEFAULT_WEBSOCKET_URL,
                ConfigValidators.websocketUrl(),
                Importance.LOW,
                "The feed's websocket. It needs no key.",
                GROUP,
                2,
                Width.MEDIUM,
                "Websocket URL");
    defineRepair(def);
    RecordsConfig.update(def, "coinbase");
    ConnectionConfig.update(def, IDLE_TIMEOUT_MS, NO_PINGS);
    NetworkConfig.update(def);
    return BufferConfig.update(def);
  }

  private static void defineRepair(ConfigDef def) {
    def.define(
            REPAIR_ENABLED,
            ConfigDef.Type.BOOLEAN,
            true,
            ConfigValidators.trueOrFalse(),
            Importance.MEDIUM,
            "Whether the connector fetches the trades of a gap from the venue's history.",
            REPAIR_GROUP,
            1,
            Width.SHORT,
            "Repair gaps")
        .define(
            REST_URL,
            ConfigDef.Type.STRING,
            DEFAULT_REST_URL,
            ConfigValidators.restUrl(),
            Importance.LOW,
            "The REST API with the venue's history. It needs no key.",
            REPAIR_GROUP,
            2,
            Width.MEDIUM,
            "REST URL")
        .define(
            REPAIR_MAX_TRADES,
            ConfigDef.Type.INT,
            DEFAULT_MAX_TRADES,
            ConfigDef.Range.between(1, MAX_TRADES_LIMIT),
            Importance.LOW,
            "The maximum number of trades to fetch for one gap. Of a longer gap, the oldest trades are"
                + " fetched, and the rest stays a gap.",
            REPAIR_GROUP,
            3,
            Width.SHORT,
            "Trades per gap")
        .define(
            REPAIR_REQUESTS_PER_SECOND,
            ConfigDef.Type.INT,
            DEFAULT_REQUESTS_PER_SECOND,
            ConfigDef.Range.between(1, MAX_REQUESTS_PER_SECOND),
            Importance.LOW,
            "The maximum number of requests per second to the REST API. One request fetches up to 1000"
                + " trades. The venue allows ten per address.",
            REPAIR_GROUP,
            4,
            Width.SHORT,
            "Requests per second");
  }

  /**
   * The trade ids of two hosts may have nothing to do with each other, as those of the sandbox.
   *
   * @param given the keys that the user has set
   */
  static void crossCheck(CrossChecks values, Set<String> given) {
    if (Boolean.TRUE.equals(values.given(REPAIR_ENABLED))
        && values.isGiven(WEBSOCKET_URL)
        && !DEFAULT_WEBSOCKET_URL.equals(values.given(WEBSOCKET_URL))
        && !given.contains(REST_URL)) {
      values.addError(
          REST_URL,
          "must be set if "
              + WEBSOCKET_URL
              + " is, because the history must be that of the same venue; or set "
              + REPAIR_ENABLED
              + "=false");
    }
  }

  private static ConfigDef.Validator products() {
    return ConfigValidators.check(
        "names of products",
        value -> value == null ? "must name at least one product" : problem((List<?>) value));
  }

  private static @Nullable String problem(List<?> products) {
    if (products.isEmpty()) {
      return "must name at least one product";
    }
    String listProblem = TextRules.listProblem(products, "product");
    if (listProblem != null) {
      return listProblem;
    }
    Set<String> seen = new HashSet<>();
    for (Object element : products) {
      String product = (String) element;
      if (!PRODUCT.matcher(product).matches()) {
        String likely = product.toUpperCase(Locale.ROOT).replace('/', '-').replace('_', '-');
        return "'"
            + product
            + "' is not a product: Coinbase spells them in upper case with one hyphen, such as BTC-USD"
            + (PRODUCT.matcher(likely).matches() ? "; did you mean '" + likely + "'?" : "");
      }
      if (!seen.add(product)) {
        return "names '" + product + "' twice";
      }
    }
    return null;
  }

  /** The part of the configuration that the task needs. */
  FeedTaskConfig toTaskConfig() {
    return new FeedTaskConfig(
        new CoinbaseProtocol(getString(WEBSOCKET_URL), getList(PRODUCTS)),
        RecordsConfig.topicNames(this),
        ConnectionConfig.sessionSettings(this, SUBSCRIBE_INTERVAL),
        RecordsConfig.heartbeatInterval(this),
        BufferConfig.capacity(this),
        BufferConfig.policy(this),
        isRepaired() ? repair() : null);
  }

  /** A worker starts a stored configuration without a validation. */
  private boolean isRepaired() {
    if (!getBoolean(REPAIR_ENABLED)) {
      return false;
    }
    boolean sameVenue =
        getString(WEBSOCKET_URL).equals(DEFAULT_WEBSOCKET_URL) || originals().containsKey(REST_URL);
    if (!sameVenue) {
      LOG.warn("Gaps are not repaired: set {} of the venue of {}", REST_URL, WEBSOCKET_URL);
    }
    return sameVenue;
  }

  private RepairSettings repair() {
    WebSocketSettings connection =
        ConnectionConfig.sessionSettings(this, SUBSCRIBE_INTERVAL).webSocket();
    // A page is larger than a handshake.
    Duration timeout =
        connection.connectTimeout().compareTo(MIN_REST_TIMEOUT) > 0
            ? connection.connectTimeout()
            : MIN_REST_TIMEOUT;
    String userAgent = "market-stream/" + PluginVersion.of(CoinbaseSourceConfig.class);
    return new RepairSettings(
        () ->
            new CoinbaseHistory(
                getString(REST_URL),
                new RestClient(connection.network(), timeout, userAgent),
                Clock.systemUTC()),
        getInt(REPAIR_MAX_TRADES),
        Duration.ofSeconds(1).dividedBy(getInt(REPAIR_REQUESTS_PER_SECOND)),
        RepairSettings.ABSENT_AFTER);
  }
}
