package io.marketstream.coincap;

import io.marketstream.feed.config.BufferConfig;
import io.marketstream.feed.config.Checks;
import io.marketstream.feed.config.ConnectionConfig;
import io.marketstream.feed.config.NetworkConfig;
import io.marketstream.feed.config.RecordsConfig;
import io.marketstream.feed.config.WrittenValue;
import io.marketstream.feed.protocol.Credential;
import io.marketstream.feed.task.FeedSetup;
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
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The configuration of the CoinCap connector. */
public final class CoinCapSourceConfig extends AbstractConfig {

  public static final String API_KEY = "coincap.api.key";
  public static final String ASSETS = "coincap.assets";
  public static final String WEBSOCKET_URL = "coincap.websocket.url";
  private static final String GROUP = "CoinCap";
  private static final Pattern ASSETS_PARAMETER = Pattern.compile("(?i)[?&]assets=");
  private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9._-]{0,127}");

  // Several frames a second are usual: a minute without one is a dead socket.
  private static final long IDLE_TIMEOUT_MS = 60_000;
  private static final long PING_INTERVAL_MS = 10_000;

  public CoinCapSourceConfig(Map<String, String> properties) {
    super(definition(), properties, false);
  }

  public static ConfigDef definition() {
    ConfigDef def =
        new ConfigDef()
            .define(
                API_KEY,
                Type.PASSWORD,
                ConfigDef.NO_DEFAULT_VALUE,
                Checks.credential("COINCAP_API_KEY"),
                Importance.HIGH,
                "The API key. CoinCap bills each open connection by the minute.",
                GROUP,
                1,
                Width.LONG,
                "API key")
            .define(
                ASSETS,
                Type.LIST,
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
                Type.STRING,
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

  /** The assets have a key of their own, from which the connector makes the URL's parameter. */
  private static ConfigDef.Validator url() {
    ConfigDef.Validator websocket = Checks.websocketUrl();
    return Checks.check(
        websocket.toString(),
        value -> {
          websocket.ensureValid(WEBSOCKET_URL, value);
          return ASSETS_PARAMETER.matcher((String) value).find()
              ? "must not carry assets: give them in " + ASSETS
              : null;
        });
  }

  private static ConfigDef.Validator assets() {
    return Checks.check(
        "slugs, or ALL",
        value ->
            value == null ? "must name at least one asset, or ALL" : complaint((List<?>) value));
  }

  private static String complaint(List<?> assets) {
    if (assets.isEmpty()) {
      return "must name at least one asset, or ALL";
    }
    if (assets.equals(List.of(CoinCapProtocol.ALL))) {
      return null;
    }
    String written = WrittenValue.listComplaint(assets, "asset");
    if (written != null) {
      return written;
    }
    Set<String> seen = new HashSet<>();
    for (Object element : assets) {
      String asset = (String) element;
      if (asset.equals(CoinCapProtocol.ALL)) {
        return "ALL stands alone: it includes every other asset";
      }
      if (asset.equalsIgnoreCase(CoinCapProtocol.ALL)) {
        return "'" + asset + "': for every asset write ALL, in upper case and alone";
      }
      if (!SLUG.matcher(asset).matches()) {
        String lower = asset.toLowerCase(Locale.ROOT);
        return "'"
            + asset
            + "' is no slug: CoinCap's are lower case, such as bitcoin or usd-coin"
            + (SLUG.matcher(lower).matches() ? "; did you mean '" + lower + "'?" : "");
      }
      if (!seen.add(asset)) {
        return "names '" + asset + "' twice";
      }
    }
    return null;
  }

  FeedSetup toSetup() {
    Credential apiKey = new Credential(API_KEY, getPassword(API_KEY).value());
    return new FeedSetup(
        new CoinCapProtocol(getString(WEBSOCKET_URL), apiKey, getList(ASSETS)),
        RecordsConfig.topicNames(this),
        ConnectionConfig.sessionSettings(this, Duration.ZERO),
        RecordsConfig.heartbeatInterval(this),
        BufferConfig.capacity(this),
        BufferConfig.policy(this));
  }
}
