package io.marketstream.local.run;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The feeds, with the names of their keys, configuration settings and files. */
public enum Feed {
  FINNHUB("finnhub", "Finnhub", "FINNHUB_TOKEN", "finnhub.token"),
  COINCAP("coincap", "CoinCap", "COINCAP_API_KEY", "coincap.api.key"),
  COINBASE("coinbase", "Coinbase", null, null);

  private final String id;
  private final String title;
  private final @Nullable String keyVariable;
  private final @Nullable String keyConfig;

  Feed(String id, String title, @Nullable String keyVariable, @Nullable String keyConfig) {
    this.id = id;
    this.title = title;
    this.keyVariable = keyVariable;
    this.keyConfig = keyConfig;
  }

  /** Returns the name of the feed, which is also the {@code source.name} of the live feed. */
  public String id() {
    return id;
  }

  /** Returns the name as the provider spells it. */
  public String title() {
    return title;
  }

  /** Returns the environment variable for the key of the live feed; empty if it needs no key. */
  public Optional<String> keyVariable() {
    return Optional.ofNullable(keyVariable);
  }

  String urlConfig() {
    return id + ".websocket.url";
  }

  /** Returns the setting for the key; empty if the feed needs none. */
  Optional<String> keyConfig() {
    return Optional.ofNullable(keyConfig);
  }

  /** Returns the name of the connector. */
  String connector() {
    return id + "-source";
  }

  /** Returns the name of the connector's file in connect-configs/. */
  String connectorFile() {
    return connector() + ".json";
  }

  /** Returns the module that builds the plugin zip. */
  String module() {
    return id + "-source-connector";
  }

  /** Returns the {@code source} of the ticks. */
  public String source(boolean live) {
    return live ? id : id + "-sim";
  }
}
