package io.marketstream.api.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.marketstream.api.market.Candle;
import io.marketstream.api.market.Gap;
import io.marketstream.api.market.Instrument;
import io.marketstream.api.market.Tick;
import io.marketstream.api.query.Candles;
import io.marketstream.api.query.Gaps;
import io.marketstream.api.query.Symbols;
import io.marketstream.model.CandleInterval;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The UDF protocol of TradingView's charting library, below {@code /udf}. Its prices are JSON
 * numbers, because the protocol demands it: they are rounded to 64-bit floating point. A symbol is
 * written as {@code source:symbol}.
 *
 * @see <a href="https://www.tradingview.com/charting-library-docs/latest/connecting_data/UDF/">The
 *     protocol</a>
 */
final class TradingViewRoutes {
  private static final int MAX_CANDLES = 10_000;
  private static final long MAX_PARTS = 200_000;
  private static final int MAX_FOUND = 200;
  private static final int MAX_DECIMALS = 12;

  /** Some trades have more decimals than the newest one. */
  private static final int MIN_DECIMALS = 4;

  private static final Duration MAX_RANGE = Duration.ofDays(10 * 366);
  private static final Map<String, String> INTERVALS =
      Map.of("1", "1m", "5", "5m", "15", "15m", "60", "1h", "1D", "1d", "D", "1d");
  private static final List<String> RESOLUTIONS = List.of("1", "5", "15", "60", "1D");

  private final Symbols symbols;
  private final Candles candles;
  private final Gaps gaps;
  private final Clock clock;

  TradingViewRoutes(Symbols symbols, Candles candles, Gaps gaps, Clock clock) {
    this.symbols = symbols;
    this.candles = candles;
    this.gaps = gaps;
    this.clock = clock;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/udf/config", this::config);
    routes.get("/udf/time", context -> context.result(Long.toString(clock.millis() / 1000)));
    routes.get("/udf/symbols", this::symbol);
    routes.get("/udf/search", this::search);
    routes.get("/udf/history", this::history);
    routes.get("/udf/marks", context -> marks(context, false));
    routes.get("/udf/timescale_marks", context -> marks(context, true));
  }

  private void config(Context context) {
    ObjectNode config = MarketJson.MAPPER.createObjectNode();
    RESOLUTIONS.forEach(config.putArray("supported_resolutions")::add);
    config.put("supports_search", true);
    config.put("supports_group_request", false);
    config.put("supports_marks", true);
    config.put("supports_timescale_marks", true);
    config.put("supports_time", true);
    config.putArray("exchanges").addObject().put("value", "").put("name", "All").put("desc", "");
    config.putArray("symbols_types").addObject().put("name", "All").put("value", "");
    Answers.write(context, 200, config);
  }

  private void symbol(Context context) {
    Parameters parameters = new Parameters(context, Set.of("symbol"));
    Answers.json(
        context,
        instrument(parameters)
            .thenCombine(symbols.latest(), (instrument, latest) -> info(latest.get(instrument))));
  }

  private static ObjectNode info(@Nullable Tick tick) {
    if (tick == null) {
      throw new NotFoundException("There is no tick of this symbol");
    }
    Instrument instrument = tick.instrument();
    int decimals = Math.min(MAX_DECIMALS, Math.max(MIN_DECIMALS, tick.price().scale()));
    ObjectNode info = MarketJson.MAPPER.createObjectNode();
    info.put("name", instrument.symbol());
    info.put("ticker", instrument.toString());
    info.put("description", description(instrument));
    info.put("type", tick.kind().equals("price") ? "index" : "stock");
    info.put("session", "24x7");
    info.put("timezone", "Etc/UTC");
    info.put("exchange", instrument.source());
    info.put("listed_exchange", instrument.source());
    info.put("minmov", 1);
    info.put("pricescale", (long) Math.pow(10, decimals));
    info.put("has_intraday", true);
    info.put("has_daily", true);
    info.put("visible_plots_set", "ohlcv");
    info.put("data_status", "streaming");
    RESOLUTIONS.forEach(info.putArray("supported_resolutions")::add);
    RESOLUTIONS.stream()
        .filter(each -> !each.endsWith("D"))
        .forEach(info.putArray("intraday_multipliers")::add);
    return info;
  }

  private static String description(Instrument instrument) {
    return instrument.symbol()
        + " ("
        + instrument.source()
        + (instrument.isSimulated() ? ", SIMULATED)" : ")");
  }

  private void search(Context context) {
    Parameters parameters = new Parameters(context, Set.of("query", "type", "exchange", "limit"));
    String query = parameters.text("query").orElse("").toLowerCase(Locale.ROOT);
    String exchange = parameters.text("exchange").orElse("");
    int limit = parameters.limit(30, MAX_FOUND);
    Answers.json(
        context,
        symbols
            .latest()
            .thenApply(
                latest -> {
                  ArrayNode found = MarketJson.MAPPER.createArrayNode();
                  latest.keySet().stream()
                      .filter(each -> each.toString().toLowerCase(Locale.ROOT).contains(query))
                      .filter(each -> exchange.isEmpty() || each.source().equals(exchange))
                      .limit(limit)
                      .forEach(
                          each ->
                              found
                                  .addObject()
                                  .put("symbol", each.symbol())
                                  .put("full_name", each.toString())
                                  .put("description", description(each))
                                  .put("exchange", each.source())
                                  .put("ticker", each.toString())
                                  .put("type", ""));
                  return found;
                }));
  }

  private void history(Context context) {
    Parameters parameters =
        new Parameters(context, Set.of("symbol", "resolution", "from", "to", "countback"));
    CandleInterval interval = interval(parameters);
    long to = seconds(parameters, "to") * 1000;
    long from = seconds(parameters, "from") * 1000;
    if (from >= to) {
      throw new BadRequestException("from", "is not before 'to'");
    }
    int countback = countback(parameters);
    if (countback == 0
        && (to - from > MAX_RANGE.toMillis() || (to - from) / interval.millis() > MAX_CANDLES)) {
      throw new BadRequestException("from", "is more than " + MAX_CANDLES + " candles before 'to'");
    }
    Answers.json(
        context,
        instrument(parameters)
            .thenCompose(
                instrument ->
                    candles
                        .base(interval)
                        .thenCompose(
                            base -> {
                              CandleInterval stored =
                                  base.orElseThrow(
                                      () ->
                                          new BadRequestException(
                                              "resolution",
                                              "cannot be made from the stored intervals"));
                              // The library asks again if it needs more.
                              int atMost =
                                  (int)
                                      Math.max(1, MAX_PARTS * stored.millis() / interval.millis());
                              CompletableFuture<List<Candle>> read =
                                  countback > 0
                                      ? candles.newest(
                                          instrument,
                                          interval,
                                          stored,
                                          to,
                                          Math.min(countback, atMost))
                                      : candles
                                          .page(
                                              instrument,
                                              interval,
                                              stored,
                                              from,
                                              to,
                                              Math.min(MAX_CANDLES, atMost))
                                          .thenApply(Candles.Page::candles);
                              return read.thenCompose(
                                  found -> answer(instrument, stored, found, from));
                            })));
  }

  private CompletableFuture<ObjectNode> answer(
      Instrument instrument, CandleInterval stored, List<Candle> found, long from) {
    List<Candle> priced = found.stream().filter(each -> each.prices() != null).toList();
    if (!priced.isEmpty()) {
      return CompletableFuture.completedFuture(bars(priced));
    }
    return candles
        .lastBefore(instrument, stored, from)
        .thenApply(
            last -> {
              ObjectNode answer = MarketJson.MAPPER.createObjectNode().put("s", "no_data");
              last.ifPresent(candle -> answer.put("nextTime", candle.openTime() / 1000));
              return answer;
            });
  }

  private static ObjectNode bars(List<Candle> found) {
    ObjectNode answer = MarketJson.MAPPER.createObjectNode().put("s", "ok");
    ArrayNode times = answer.putArray("t");
    ArrayNode opens = answer.putArray("o");
    ArrayNode highs = answer.putArray("h");
    ArrayNode lows = answer.putArray("l");
    ArrayNode closes = answer.putArray("c");
    ArrayNode volumes = answer.putArray("v");
    for (Candle candle : found) {
      Candle.Prices prices = candle.prices();
      if (prices != null) {
        times.add(candle.openTime() / 1000);
        opens.add(prices.open().doubleValue());
        highs.add(prices.high().doubleValue());
        lows.add(prices.low().doubleValue());
        closes.add(prices.close().doubleValue());
        volumes.add(candle.volume().doubleValue());
      }
    }
    return answer;
  }

  /**
   * Gaps in which ticks may be missing: on the time scale, or above the candle in which each
   * begins.
   */
  private void marks(Context context, boolean onTimescale) {
    Parameters parameters = new Parameters(context, Set.of("symbol", "from", "to", "resolution"));
    CandleInterval interval = interval(parameters);
    long from = seconds(parameters, "from") * 1000;
    long to = seconds(parameters, "to") * 1000;
    if (from > to || to - from > MAX_RANGE.toMillis()) {
      throw new BadRequestException("from", "is not before 'to', or too long before it");
    }
    Answers.json(
        context,
        instrument(parameters)
            .thenCompose(instrument -> gaps.around(instrument, from, to + 1))
            .thenApply(
                timeline -> {
                  List<Gap> found =
                      timeline.between(from, to + 1).stream()
                          .filter(gap -> !gap.isRepaired())
                          .toList();
                  return onTimescale ? timescaleMarks(found, interval) : marks(found, interval);
                }));
  }

  private static ArrayNode timescaleMarks(List<Gap> found, CandleInterval interval) {
    ArrayNode marks = MarketJson.MAPPER.createArrayNode();
    for (Gap gap : found) {
      ObjectNode mark = marks.addObject();
      mark.put("id", id(gap));
      mark.put("time", interval.openTime(gap.start()) / 1000);
      mark.put("color", "red");
      mark.put("label", "G");
      mark.putArray("tooltip").add(gap.cause()).add(duration(gap));
    }
    return marks;
  }

  private static ObjectNode marks(List<Gap> found, CandleInterval interval) {
    ObjectNode marks = MarketJson.MAPPER.createObjectNode();
    for (String list :
        List.of("id", "time", "color", "text", "label", "labelFontColor", "minSize")) {
      marks.putArray(list);
    }
    for (Gap gap : found) {
      marks.withArray("id").add(id(gap));
      marks.withArray("time").add(interval.openTime(gap.start()) / 1000);
      marks.withArray("color").add("red");
      marks.withArray("text").add(gap.cause() + ", " + duration(gap));
      marks.withArray("label").add("G");
      marks.withArray("labelFontColor").add("white");
      marks.withArray("minSize").add(16);
    }
    return marks;
  }

  private static String id(Gap gap) {
    return gap.symbol() + ":" + gap.start() + ":" + gap.sessionBefore() + ":" + gap.firstMissing();
  }

  private static String duration(Gap gap) {
    Long end = gap.end();
    return end == null
        ? "ticks may be missing since then"
        : "ticks may be missing for "
            + Duration.ofMillis(end - gap.start()).toString().substring(2).toLowerCase(Locale.ROOT);
  }

  private CompletableFuture<Instrument> instrument(Parameters parameters) {
    String name = parameters.required("symbol", "finnhub:AAPL");
    int colon = name.indexOf(':');
    return symbols
        .latest()
        .thenCompose(
            latest -> {
              if (colon > 0) {
                Instrument full =
                    new Instrument(name.substring(0, colon), name.substring(colon + 1));
                if (latest.containsKey(full)) {
                  return CompletableFuture.completedFuture(full);
                }
              }
              return MarketRoutes.instrument(symbols, null, name);
            });
  }

  private static CandleInterval interval(Parameters parameters) {
    String resolution = parameters.choice("resolution", "1", Set.copyOf(INTERVALS.keySet()));
    return CandleInterval.parse(INTERVALS.getOrDefault(resolution, "1m"));
  }

  private static long seconds(Parameters parameters, String name) {
    String text = parameters.required(name, "1764400000");
    if (!text.matches("\\d{1,12}")) {
      throw new BadRequestException(name, "is not a number of seconds since 1970");
    }
    return Long.parseLong(text);
  }

  private static int countback(Parameters parameters) {
    String text = parameters.text("countback").orElse("0");
    if (!text.matches("\\d{1,6}") || Integer.parseInt(text) > MAX_CANDLES) {
      throw new BadRequestException("countback", "is not a whole number up to " + MAX_CANDLES);
    }
    return Integer.parseInt(text);
  }
}
