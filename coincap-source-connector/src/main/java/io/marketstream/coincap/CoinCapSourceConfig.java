package io.marketstream.coincap;

import io.marketstream.feed.buffer.BufferConfig;
import io.marketstream.feed.config.ConfigValidators;
import io.marketstream.feed.config.TextRules;
import io.marketstream.feed.protocol.Credential;
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

/** The configuration of the CoinCap connector. */
public final class CoinCapSourceConfig extends AbstractConfig {

  public static final String API_KEY = "coincap.api.key";
  public static final String ASSETS = "coincap.assets";
  public static final String WEBSOCKET_URL = "coincap.websocket.url";
  private static final String GROUP = "CoinCap";
  private static final Pattern ASSETS_PARAMETER = Pattern.compile("(?i)[?&]assets=");
  private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9._-]{0,127}");

  // Several frames per second are usual, so a minute without one means a dead socket.
  private static final long IDLE_TIMEOUT_MS = 60_000;
  private static final long PING_INTERVAL_MS = 10_000;

  public CoinCapSourceConfig(Map<String, String> properties) {
    super(definition(), properties, false);
  }

  /** All keys of the connector. */
  public static ConfigDef definition() {
    ConfigDef def =
        new ConfigDef()
            .define(
                API_KEY,
                ConfigDef.Type.PASSWORD,
                ConfigDef.NO_DEFAULT_VALUE,
                ConfigValidators.credential("COINCAP_API_KEY"),
                Importance.HIGH,
                "The API key. CoinCap bills each open connection by the minute.",
                GROUP,
                1,
                Width.LONG,
                "API key")
            .define(
                ASSETS,
                ConfigDef.Type.LIST,
                ConfigDef.NO_DEFAULT_VALUE,
                assets(),
                Importance.HIGH,
                "The slugs of the assets to subscribe to (bitcoin, ethereum), or ALL.",
                GROUP,
                2,
                Width.LONG,
                "Assets")
            .define(
                WEBSOCKET_URL,
                ConfigDef.Type.STRING,
                "wss://wss.coincap.io/prices",
                url(),
                Importance.LOW,
                "The feed's websocket, without the API key.",
                GROUP,
                3,
                Width.MEDIUM,
                "Websocket URL");
    RecordsConfig.update(def, "coincap");
    ConnectionConfig.update(def, IDLE_TIMEOUT_MS, PING_INTERVAL_MS);
    NetworkConfig.update(def);
    return BufferConfig.update(def);
  }

  /** A URL without assets, because the connector adds them from their own key. */
  private static ConfigDef.Validator url() {
    ConfigDef.Validator websocket = ConfigValidators.websocketUrl();
    return ConfigValidators.check(
        websocket.toString(),
        value -> {
          websocket.ensureValid(WEBSOCKET_URL, value);
          return ASSETS_PARAMETER.matcher((String) value).find()
              ? "must not carry assets: set them in " + ASSETS
              : null;
        });
  }

  private static ConfigDef.Validator assets() {
    return ConfigValidators.check(
        "slugs, or ALL",
        value -> value == null ? "must name at least one asset, or ALL" : problem((List<?>) value));
  }

  private static @Nullable String problem(List<?> assets) {
    if (assets.isEmpty()) {
      return "must name at least one asset, or ALL";
    }
    if (assets.equals(List.of(CoinCapProtocol.ALL))) {
      return null;
    }
    String listProblem = TextRules.listProblem(assets, "asset");
    if (listProblem != null) {
      return listProblem;
    }
    Set<String> seen = new HashSet<>();
    for (Object element : assets) {
      String asset = (String) element;
      if (asset.equals(CoinCapProtocol.ALL)) {
        return "ALL must be the only value: it includes every other asset";
      }
      if (asset.equalsIgnoreCase(CoinCapProtocol.ALL)) {
        return "'" + asset + "': for every asset write only ALL, in upper case";
      }
      if (!SLUG.matcher(asset).matches()) {
        String lower = asset.toLowerCase(Locale.ROOT);
        return "'"
            + asset
            + "' is not a slug: CoinCap's slugs are in lower case, such as bitcoin or usd-coin"
            + (SLUG.matcher(lower).matches() ? "; did you mean '" + lower + "'?" : "");
      }
      if (!seen.add(asset)) {
        return "names '" + asset + "' twice";
      }
    }
    return null;
  }

  /** The part of the configuration that the task needs. */
  FeedTaskConfig toTaskConfig() {
    Credential apiKey = new Credential(API_KEY, getPassword(API_KEY).value());
    return new FeedTaskConfig(
        new CoinCapProtocol(getString(WEBSOCKET_URL), apiKey, getList(ASSETS)),
        RecordsConfig.topicNames(this),
        ConnectionConfig.sessionSettings(this, Duration.ZERO),
        RecordsConfig.heartbeatInterval(this),
        BufferConfig.capacity(this),
        BufferConfig.policy(this));
  }
}
