package io.marketstream.local.run;

/** The two feeds, with the names of their keys, configuration settings and files. */
public enum Feed {
  FINNHUB("finnhub", "Finnhub", "FINNHUB_TOKEN", "finnhub.websocket.url", "finnhub.token"),
  COINCAP("coincap", "CoinCap", "COINCAP_API_KEY", "coincap.websocket.url", "coincap.api.key");

  private final String id;
  private final String title;
  private final String keyVariable;
  private final String urlConfig;
  private final String keyConfig;

  Feed(String id, String title, String keyVariable, String urlConfig, String keyConfig) {
    this.id = id;
    this.title = title;
    this.keyVariable = keyVariable;
    this.urlConfig = urlConfig;
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

  /** Returns the environment variable for the key of the live feed. */
  public String keyVariable() {
    return keyVariable;
  }

  String urlConfig() {
    return urlConfig;
  }

  String keyConfig() {
    return keyConfig;
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
