package io.marketstream.coinbase;

import io.marketstream.feed.buffer.BufferConfig;
import io.marketstream.feed.config.ConfigValidators;
import io.marketstream.feed.config.TextRules;
import io.marketstream.feed.record.RecordsConfig;
import io.marketstream.feed.session.ConnectionConfig;
import io.marketstream.feed.task.FeedTaskConfig;
import io.marketstream.feed.websocket.NetworkConfig;
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

/** The configuration of the Coinbase connector. */
public final class CoinbaseSourceConfig extends AbstractConfig {

  public static final String PRODUCTS = "coinbase.products";
  public static final String WEBSOCKET_URL = "coinbase.websocket.url";
  private static final String GROUP = "Coinbase";
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
                "wss://ws-feed.exchange.coinbase.com",
                ConfigValidators.websocketUrl(),
                Importance.LOW,
                "The feed's websocket. It needs no key.",
                GROUP,
                2,
                Width.MEDIUM,
                "Websocket URL");
    RecordsConfig.update(def, "coinbase");
    ConnectionConfig.update(def, IDLE_TIMEOUT_MS, NO_PINGS);
    NetworkConfig.update(def);
    return BufferConfig.update(def);
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
        BufferConfig.policy(this));
  }
}
