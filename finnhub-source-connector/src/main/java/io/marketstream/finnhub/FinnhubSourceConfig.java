package io.marketstream.finnhub;

import io.marketstream.feed.config.BufferConfig;
import io.marketstream.feed.config.Checks;
import io.marketstream.feed.config.ConnectionConfig;
import io.marketstream.feed.config.NetworkConfig;
import io.marketstream.feed.config.RecordsConfig;
import io.marketstream.feed.config.WrittenValue;
import io.marketstream.feed.protocol.Credential;
import io.marketstream.feed.task.FeedSetup;
import io.marketstream.model.Limits;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The configuration of the Finnhub connector. */
public final class FinnhubSourceConfig extends AbstractConfig {

  public static final String TOKEN = "finnhub.token";
  public static final String SYMBOLS = "finnhub.symbols";
  public static final String WEBSOCKET_URL = "finnhub.websocket.url";
  public static final String SUBSCRIBE_INTERVAL_MS = "finnhub.subscribe.interval.ms";
  private static final String GROUP = "Finnhub";

  // Finnhub says ping about once a minute: two may go missing before the silence counts.
  private static final long IDLE_TIMEOUT_MS = 150_000;
  private static final long NO_PINGS = 0;

  public FinnhubSourceConfig(Map<String, String> properties) {
    super(definition(), properties, false);
  }

  public static ConfigDef definition() {
    ConfigDef def =
        new ConfigDef()
            .define(
                TOKEN,
                Type.PASSWORD,
                ConfigDef.NO_DEFAULT_VALUE,
                Checks.credential("FINNHUB_TOKEN"),
                Importance.HIGH,
                "The API key. Finnhub allows one connection a key.",
                GROUP,
                1,
                Width.LONG,
                "API key")
            .define(
                SYMBOLS,
                Type.LIST,
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
                Type.STRING,
                "wss://ws.finnhub.io",
                Checks.websocketUrl(),
                Importance.LOW,
                "The feed's websocket, without the token.",
                GROUP,
                3,
                Width.MEDIUM,
                "Websocket URL")
            .define(
                SUBSCRIBE_INTERVAL_MS,
                Type.LONG,
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
    return Checks.check(
        "symbols as Finnhub spells them",
        value -> value == null ? "must name at least one symbol" : complaint((List<?>) value));
  }

  private static String complaint(List<?> symbols) {
    if (symbols.isEmpty()) {
      return "must name at least one symbol";
    }
    String written = WrittenValue.listComplaint(symbols, "symbol");
    if (written != null) {
      return written;
    }
    Map<String, String> seen = new HashMap<>();
    for (Object element : symbols) {
      String symbol = (String) element;
      if (symbol.indexOf(' ', symbol.indexOf(':') + 1) >= 0) {
        return "'"
            + symbol
            + "': separate symbols with commas. A space may stand in the name of an exchange only: IC MARKETS:1";
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
   * Stocks and the names of exchanges are in upper case; what stands behind the colon is as the
   * exchange spells it ({@code GEMINI:btcusd}, {@code FXCM:UKOil}).
   */
  private static String withUpperCaseExchange(String symbol) {
    int colon = symbol.indexOf(':');
    return colon < 0
        ? FinnhubSymbols.upperCase(symbol)
        : FinnhubSymbols.upperCase(symbol.substring(0, colon)) + symbol.substring(colon);
  }

  FeedSetup toSetup() {
    Credential token = new Credential(TOKEN, getPassword(TOKEN).value());
    Duration interval = Duration.ofMillis(getLong(SUBSCRIBE_INTERVAL_MS));
    return new FeedSetup(
        new FinnhubProtocol(getString(WEBSOCKET_URL), token, getList(SYMBOLS)),
        RecordsConfig.topicNames(this),
        ConnectionConfig.sessionSettings(this, interval),
        RecordsConfig.heartbeatInterval(this),
        BufferConfig.capacity(this),
        BufferConfig.policy(this));
  }
}
