package io.marketstream.api.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.marketstream.api.market.Gap;
import io.marketstream.api.market.Instrument;
import io.marketstream.api.market.TickId;
import io.marketstream.api.query.Candles;
import io.marketstream.api.query.Completeness;
import io.marketstream.api.query.Gaps;
import io.marketstream.api.query.Symbols;
import io.marketstream.api.query.Ticks;
import io.marketstream.model.CandleInterval;
import io.marketstream.model.TradeConditionList;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The endpoints below {@code /api} that answer once. */
final class MarketRoutes {
  private static final int DEFAULT_LIMIT = 1_000;
  private static final int MAX_LIMIT = 10_000;
  private static final int MAX_PARTS_OF_CANDLES = 200_000;
  private static final Duration MAX_CANDLE_RANGE = Duration.ofDays(10 * 366);
  private static final Duration MAX_TICK_RANGE = Duration.ofDays(31);
  private static final Duration MAX_GAP_RANGE = Duration.ofDays(366);
  private static final Duration MAX_DAYS = Duration.ofDays(92);
  private static final Duration MAX_HOURS = Duration.ofDays(7);
  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  private final Symbols symbols;
  private final Candles candles;
  private final Ticks ticks;
  private final Gaps gaps;
  private final Completeness completeness;
  private final Clock clock;
  private final ObjectNode conditions = readConditions();

  MarketRoutes(
      Symbols symbols,
      Candles candles,
      Ticks ticks,
      Gaps gaps,
      Completeness completeness,
      Clock clock) {
    this.symbols = symbols;
    this.candles = candles;
    this.ticks = ticks;
    this.gaps = gaps;
    this.completeness = completeness;
    this.clock = clock;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/api/symbols", this::symbols);
    routes.get("/api/candles", this::candles);
    routes.get("/api/ticks", this::ticks);
    routes.get("/api/gaps", this::gaps);
    routes.get("/api/completeness", this::completeness);
    routes.get("/api/conditions", this::conditions);
  }

  private void symbols(Context context) {
    Parameters parameters = new Parameters(context, Set.of("source"));
    @Nullable String source = parameters.source();
    Answers.json(
        context,
        symbols
            .overview()
            .thenApply(
                all -> {
                  ObjectNode answer = MarketJson.MAPPER.createObjectNode();
                  ArrayNode list = answer.putArray("symbols");
                  all.stream()
                      .filter(
                          each ->
                              source == null || each.latest().instrument().source().equals(source))
                      .forEach(each -> list.add(MarketJson.symbol(each, clock.millis())));
                  return answer;
                }));
  }

  private void candles(Context context) {
    Parameters parameters =
        new Parameters(
            context, Set.of("source", "symbol", "interval", "from", "to", "limit", "page_token"));
    CandleInterval interval = parameters.interval();
    int limit = parameters.limit(DEFAULT_LIMIT, MAX_LIMIT);
    Parameters.Range range =
        parameters.range(
            clock.millis(), Duration.ofMillis(interval.millis() * 500), MAX_CANDLE_RANGE);
    long from = parameters.pageToken(1, range).map(token -> token[0]).orElse(range.from());
    Answers.json(
        context,
        instrument(parameters)
            .thenCompose(
                instrument ->
                    base(interval, limit)
                        .thenCompose(
                            base ->
                                candles.page(instrument, interval, base, from, range.to(), limit))
                        .thenApply(
                            page -> {
                              ObjectNode answer = answer(instrument);
                              answer.put("interval", interval.name());
                              ArrayNode list = answer.putArray("candles");
                              page.candles().forEach(each -> list.add(MarketJson.candle(each)));
                              Long next = page.next();
                              answer.put(
                                  "next_page_token", next == null ? null : Parameters.token(next));
                              return answer;
                            })));
  }

  private CompletableFuture<CandleInterval> base(CandleInterval interval, int limit) {
    return candles
        .base(interval)
        .thenCombine(
            candles.storedIntervals(),
            (base, stored) -> {
              CandleInterval found =
                  base.orElseThrow(
                      () ->
                          new BadRequestException(
                              "interval",
                              "cannot be made from the stored intervals, which are "
                                  + stored.stream()
                                      .map(CandleInterval::name)
                                      .collect(Collectors.joining(", "))));
              long parts = interval.millis() / found.millis();
              if (limit * parts > MAX_PARTS_OF_CANDLES) {
                throw new BadRequestException(
                    "limit",
                    "is too large for this interval. At most "
                        + Math.max(1, MAX_PARTS_OF_CANDLES / parts)
                        + " candles can be made from those of "
                        + found.name()
                        + " at once");
              }
              return found;
            });
  }

  private void ticks(Context context) {
    Parameters parameters =
        new Parameters(context, Set.of("source", "symbol", "from", "to", "limit", "page_token"));
    int limit = parameters.limit(DEFAULT_LIMIT, MAX_LIMIT);
    Parameters.Range range = parameters.range(clock.millis(), Duration.ofHours(1), MAX_TICK_RANGE);
    TickId before =
        parameters
            .pageToken(3, range)
            .map(token -> new TickId(token[0], token[1], token[2]))
            .orElse(null);
    Answers.json(
        context,
        instrument(parameters)
            .thenCompose(
                instrument ->
                    ticks
                        .page(instrument, range.from(), range.to(), before, limit)
                        .thenApply(
                            page -> {
                              ObjectNode answer = answer(instrument);
                              ArrayNode list = answer.putArray("ticks");
                              page.ticks().forEach(each -> list.add(MarketJson.tick(each)));
                              TickId next = page.next();
                              answer.put(
                                  "next_page_token",
                                  next == null
                                      ? null
                                      : Parameters.token(
                                          next.eventTime(), next.session(), next.sequence()));
                              return answer;
                            })));
  }

  private void gaps(Context context) {
    Parameters parameters = new Parameters(context, Set.of("source", "symbol", "from", "to"));
    Parameters.Range range = parameters.range(clock.millis(), Duration.ofDays(1), MAX_GAP_RANGE);
    CompletableFuture<List<Instrument>> instruments =
        parameters.text("symbol").isPresent()
            ? instrument(parameters).thenApply(List::of)
            : allOf(parameters.source());
    Answers.json(
        context,
        instruments
            .thenCompose(all -> gaps.between(all, range.from(), range.to()))
            .thenApply(
                found -> {
                  ObjectNode answer = MarketJson.MAPPER.createObjectNode();
                  ArrayNode list = answer.putArray("gaps");
                  found.stream()
                      .sorted(
                          Comparator.comparingLong(Gap::start)
                              .thenComparing(Gap::source)
                              .thenComparing(Gap::symbol))
                      .forEach(each -> list.add(MarketJson.gap(each)));
                  return answer;
                }));
  }

  private void completeness(Context context) {
    Parameters parameters = new Parameters(context, Set.of("source", "symbol", "from", "to", "by"));
    boolean byDay = parameters.choice("by", "day", Set.of("day", "hour")).equals("day");
    long partMs = byDay ? DAY_MS : Ticks.HOUR_MS;
    Parameters.Range range =
        parameters.range(
            clock.millis(),
            byDay ? Duration.ofDays(7) : Duration.ofDays(1),
            byDay ? MAX_DAYS : MAX_HOURS);
    long from = Math.floorDiv(range.from(), partMs) * partMs;
    long to = -Math.floorDiv(-range.to(), partMs) * partMs;
    Answers.json(
        context,
        instrument(parameters)
            .thenCompose(
                instrument ->
                    completeness
                        .of(instrument, from, to, partMs)
                        .thenApply(
                            parts -> {
                              ObjectNode answer = answer(instrument);
                              answer.put("by", byDay ? "day" : "hour");
                              ArrayNode list = answer.putArray("parts");
                              parts.forEach(each -> list.add(MarketJson.coverage(each)));
                              return answer;
                            })));
  }

  private void conditions(Context context) {
    // It has no parameters.
    new Parameters(context, Set.of());
    context.header("Cache-Control", "max-age=3600");
    Answers.write(context, 200, conditions);
  }

  /** Finnhub's trade conditions, with what each may move. */
  private static ObjectNode readConditions() {
    ObjectNode answer = MarketJson.MAPPER.createObjectNode();
    ArrayNode list = answer.putArray("conditions");
    try (BufferedReader lines = TradeConditionList.open()) {
      List<String> names = List.of(TradeConditionList.HEADER.split(",", -1));
      lines
          .lines()
          .skip(1)
          .filter(line -> !line.isBlank())
          .forEach(
              line -> {
                String[] fields = line.split(",", -1);
                ObjectNode condition = list.addObject();
                for (int i = 0; i < names.size(); i++) {
                  boolean isFlag = names.get(i).startsWith("updates_");
                  if (isFlag) {
                    condition.put(names.get(i), fields[i].equals("yes"));
                  } else {
                    condition.put(names.get(i), fields[i]);
                  }
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answer;
  }

  private CompletableFuture<List<Instrument>> allOf(@Nullable String source) {
    return symbols
        .latest()
        .thenApply(
            known ->
                known.keySet().stream()
                    .filter(each -> source == null || each.source().equals(source))
                    .toList());
  }

  private CompletableFuture<Instrument> instrument(Parameters parameters) {
    return instrument(symbols, parameters.source(), parameters.symbol("symbol"));
  }

  /** The one instrument with this symbol. */
  static CompletableFuture<Instrument> instrument(
      Symbols symbols, @Nullable String source, String symbol) {
    return symbols
        .find(source, symbol)
        .thenApply(
            found -> {
              if (found.isEmpty()) {
                throw new NotFoundException(
                    "There is no symbol '"
                        + symbol
                        + "'"
                        + (source == null ? "" : " of the source '" + source + "'")
                        + ". /api/symbols lists all");
              }
              if (found.size() > 1) {
                throw new BadRequestException(
                    "source",
                    "is missing, and several sources have this symbol: "
                        + found.stream().map(Instrument::source).collect(Collectors.joining(", ")));
              }
              return found.get(0);
            });
  }

  private static ObjectNode answer(Instrument instrument) {
    ObjectNode answer = MarketJson.MAPPER.createObjectNode();
    answer.put("source", instrument.source());
    answer.put("symbol", instrument.symbol());
    answer.put("simulated", instrument.isSimulated());
    return answer;
  }
}
