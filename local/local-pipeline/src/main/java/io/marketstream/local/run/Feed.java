package io.marketstream.local.run;

/** The two feeds: how their connectors are configured and where a live key comes from. */
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

  /** {@code finnhub}: the live feed's {@code source.name} and the simulator's name for it. */
  public String id() {
    return id;
  }

  /** As the provider spells it. */
  public String title() {
    return title;
  }

  /** The environment variable that makes this feed live. */
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

  /** The module whose target folder holds the plugin zip. */
  String module() {
    return id + "-source-connector";
  }

  /** {@code source} of its ticks. */
  public String source(boolean live) {
    return live ? id : id + "-sim";
  }
}
