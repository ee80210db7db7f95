package io.marketstream.finnhub;

import io.marketstream.feed.buffer.BufferConfig;
import io.marketstream.feed.config.ConfigValidators;
import io.marketstream.feed.config.TextRules;
import io.marketstream.feed.protocol.Credential;
import io.marketstream.feed.record.RecordsConfig;
import io.marketstream.feed.session.ConnectionConfig;
import io.marketstream.feed.task.FeedTaskConfig;
import io.marketstream.feed.websocket.NetworkConfig;
import io.marketstream.model.Limits;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/** The configuration of the Finnhub connector. */
public final class FinnhubSourceConfig extends AbstractConfig {

  public static final String TOKEN = "finnhub.token";
  public static final String SYMBOLS = "finnhub.symbols";
  public static final String WEBSOCKET_URL = "finnhub.websocket.url";
  public static final String SUBSCRIBE_INTERVAL_MS = "finnhub.subscribe.interval.ms";
  private static final String GROUP = "Finnhub";

  // Finnhub sends a ping about once a minute, and up to two may go missing.
  private static final long IDLE_TIMEOUT_MS = 150_000;
  private static final long NO_PINGS = 0;

  public FinnhubSourceConfig(Map<String, String> properties) {
    super(definition(), properties, false);
  }

  /** All keys of the connector. */
  public static ConfigDef definition() {
    ConfigDef def =
        new ConfigDef()
            .define(
                TOKEN,
                ConfigDef.Type.PASSWORD,
                ConfigDef.NO_DEFAULT_VALUE,
                ConfigValidators.credential("FINNHUB_TOKEN"),
                Importance.HIGH,
                "The API key. Finnhub allows one connection per key.",
                GROUP,
                1,
                Width.LONG,
                "API key")
            .define(
                SYMBOLS,
                ConfigDef.Type.LIST,
                ConfigDef.NO_DEFAULT_VALUE,
                symbols(),
                Importance.HIGH,
                "The symbols to subscribe to, as Finnhub spells them: AAPL, BINANCE:BTCUSDT, GEMINI:btcusd, IC MARKETS:1."
                    + " The free plan allows 50.",
                GROUP,
                2,
                Width.LONG,
                "Symbols")
            .define(
                WEBSOCKET_URL,
                ConfigDef.Type.STRING,
                "wss://ws.finnhub.io",
                ConfigValidators.websocketUrl(),
                Importance.LOW,
                "The feed's websocket, without the token.",
                GROUP,
                3,
                Width.MEDIUM,
                "Websocket URL")
            .define(
                SUBSCRIBE_INTERVAL_MS,
                ConfigDef.Type.LONG,
                30L,
                Range.between(0L, 60_000L),
                Importance.LOW,
                "The pause between two subscribe frames, in milliseconds.",
                GROUP,
                4,
                Width.SHORT,
                "Subscribe interval (ms)");
    RecordsConfig.update(def, "finnhub");
    ConnectionConfig.update(def, IDLE_TIMEOUT_MS, NO_PINGS);
    NetworkConfig.update(def);
    return BufferConfig.update(def);
  }

  private static ConfigDef.Validator symbols() {
    return ConfigValidators.check(
        "symbols as Finnhub spells them",
        value -> value == null ? "must name at least one symbol" : problem((List<?>) value));
  }

  private static @Nullable String problem(List<?> symbols) {
    if (symbols.isEmpty()) {
      return "must name at least one symbol";
    }
    String listProblem = TextRules.listProblem(symbols, "symbol");
    if (listProblem != null) {
      return listProblem;
    }
    Map<String, String> seen = new HashMap<>();
    for (Object element : symbols) {
      String symbol = (String) element;
      if (symbol.indexOf(' ', symbol.indexOf(':') + 1) >= 0) {
        return "'"
            + symbol
            + "': separate symbols with commas. Only the name of an exchange may contain a space: IC MARKETS:1";
      }
      if (symbol.equals("*")) {
        return "names '*', but Finnhub has no subscription to everything: name each symbol";
      }
      if (symbol.length() > Limits.MAX_SYMBOL_LENGTH) {
        return "has a symbol longer than " + Limits.MAX_SYMBOL_LENGTH + " characters";
      }
      String upper = FinnhubSymbols.upperCase(symbol);
      String spelled = withUpperCaseExchange(symbol);
      if (!symbol.equals(spelled)) {
        return "'"
            + symbol
            + "': Finnhub spells stocks and exchanges in upper case; did you mean '"
            + spelled
            + (spelled.equals(upper) ? "'?" : "' or '" + upper + "'?");
      }
      String other = seen.putIfAbsent(upper, symbol);
      if (symbol.equals(other)) {
        return "names '" + symbol + "' twice";
      }
      if (other != null) {
        return "names one symbol twice, as '" + other + "' and as '" + symbol + "'";
      }
    }
    return null;
  }

  /**
   * The symbol with the stock or the exchange in upper case. The exchange decides the case of what
   * follows the colon ({@code GEMINI:btcusd}, {@code FXCM:UKOil}).
   */
  private static String withUpperCaseExchange(String symbol) {
    int colon = symbol.indexOf(':');
    return colon < 0
        ? FinnhubSymbols.upperCase(symbol)
        : FinnhubSymbols.upperCase(symbol.substring(0, colon)) + symbol.substring(colon);
  }

  /** The part of the configuration that the task needs. */
  FeedTaskConfig toTaskConfig() {
    Credential token = new Credential(TOKEN, getPassword(TOKEN).value());
    Duration interval = Duration.ofMillis(getLong(SUBSCRIBE_INTERVAL_MS));
    return new FeedTaskConfig(
        new FinnhubProtocol(getString(WEBSOCKET_URL), token, getList(SYMBOLS)),
        RecordsConfig.topicNames(this),
        ConnectionConfig.sessionSettings(this, interval),
        RecordsConfig.heartbeatInterval(this),
        BufferConfig.capacity(this),
        BufferConfig.policy(this));
  }
}
