package io.marketstream.simulator.coinbase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.simulator.market.SimMatch;
import io.marketstream.simulator.server.PlainRequest;
import io.marketstream.simulator.server.PlainResponse;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Coinbase's REST pages: the products, and their trades by id. Thread-safe. */
final class CoinbaseRest {

  static final int MAX_PAGE = 1_000;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LOG_CAPACITY = 10_000;
  private static final int DECIMALS = 8;
  private static final Pattern PRODUCT = Pattern.compile("/products/([^/]+)");
  private static final Pattern TRADES = Pattern.compile("/products/([^/]+)/trades");
  private static final PlainResponse NOT_FOUND = message(404, "NotFound");
  private static final PlainResponse RATE_EXCEEDED = message(429, "Public rate limit exceeded");

  private final CoinbaseVenue venue;
  private final Clock clock;
  private final TokenBucket bucket;
  private final boolean beforeGivesOldest;

  /** What happens to the answers of the next requests. */
  private final Deque<UnaryOperator<PlainResponse>> faults = new ArrayDeque<>();

  private final Deque<RestRequest> log = new ArrayDeque<>();
  private volatile Duration visibilityDelay;

  /**
   * @param beforeGivesOldest which end a page holds if there are more trades after {@code before}
   */
  CoinbaseRest(
      CoinbaseVenue venue,
      Clock clock,
      TokenBucket bucket,
      Duration visibilityDelay,
      boolean beforeGivesOldest) {
    this.venue = venue;
    this.clock = clock;
    this.bucket = bucket;
    this.visibilityDelay = visibilityDelay;
    this.beforeGivesOldest = beforeGivesOldest;
  }

  void setVisibilityDelay(Duration delay) {
    visibilityDelay = delay;
  }

  /** Refuses the next requests as too many. */
  void rateLimitNext(int times) {
    addFault(times, answer -> RATE_EXCEEDED);
  }

  /** Answers the next requests with this status and a page of HTML. */
  void failNext(int times, int status) {
    PlainResponse page =
        new PlainResponse(
            status,
            "text/html; charset=UTF-8",
            Map.of(),
            "<html><head><title>" + status + "</title></head><body>cloudflare</body></html>",
            Duration.ZERO);
    addFault(times, answer -> page);
  }

  /** Answers the next requests after this time. */
  void delayNext(int times, Duration delay) {
    addFault(
        times,
        answer ->
            new PlainResponse(
                answer.status(), answer.contentType(), answer.headers(), answer.body(), delay));
  }

  void clearFaults() {
    synchronized (faults) {
      faults.clear();
    }
  }

  /** The newest requests, oldest first. */
  List<RestRequest> requests() {
    synchronized (log) {
      return List.copyOf(log);
    }
  }

  PlainResponse answer(PlainRequest request) {
    PlainResponse answer = withFault(request);
    synchronized (log) {
      if (log.size() == LOG_CAPACITY) {
        log.removeFirst();
      }
      log.addLast(new RestRequest(clock.millis(), request, answer.status()));
    }
    return answer;
  }

  private void addFault(int times, UnaryOperator<PlainResponse> fault) {
    synchronized (faults) {
      for (int i = 0; i < times; i++) {
        faults.addLast(fault);
      }
    }
  }

  private PlainResponse withFault(PlainRequest request) {
    UnaryOperator<PlainResponse> fault;
    synchronized (faults) {
      fault = faults.pollFirst();
    }
    return fault == null ? regular(request) : fault.apply(regular(request));
  }

  private PlainResponse regular(PlainRequest request) {
    if (request.headers().getOrDefault("user-agent", "").isBlank()) {
      return message(403, "Forbidden");
    }
    if (!bucket.take()) {
      return RATE_EXCEEDED;
    }
    if (!request.method().equals("GET")) {
      return NOT_FOUND;
    }
    if (request.path().equals("/products")) {
      ArrayNode products = JSON.createArrayNode();
      venue.products().forEach(product -> products.add(row(product)));
      return PlainResponse.json(200, products.toString());
    }
    Matcher trades = TRADES.matcher(request.path());
    if (trades.matches() && venue.isListed(trades.group(1))) {
      return trades(trades.group(1), request.query());
    }
    Matcher product = PRODUCT.matcher(request.path());
    return venue.products().stream()
        .filter(listed -> product.matches() && product.group(1).equals(listed.id()))
        .map(listed -> PlainResponse.json(200, row(listed).toString()))
        .findFirst()
        .orElse(NOT_FOUND);
  }

  private PlainResponse trades(String product, Map<String, String> query) {
    Long limit = number(query.get("limit"), (long) MAX_PAGE);
    if (limit == null || limit < 1) {
      return message(400, "Invalid value for \"limit\"");
    }
    Long after = number(query.get("after"), Long.MAX_VALUE);
    if (after == null) {
      return message(400, "Invalid value for \"after\"");
    }
    Long before = number(query.get("before"), 0L);
    if (before == null) {
      return message(400, "before cursor value is not valid");
    }
    if (query.containsKey("after") && query.containsKey("before")) {
      return message(400, "Use only one of after and before");
    }
    boolean oldestFirst = beforeGivesOldest && query.containsKey("before");
    List<SimMatch> page =
        venue.page(
            product,
            after,
            before,
            (int) Math.min(limit, MAX_PAGE),
            oldestFirst,
            clock.instant().minus(visibilityDelay));
    ArrayNode rows = JSON.createArrayNode();
    page.forEach(trade -> rows.add(row(trade)));
    Map<String, String> headers =
        page.isEmpty()
            ? Map.of()
            : Map.of(
                "CB-BEFORE",
                Long.toString(page.get(0).id()),
                "CB-AFTER",
                Long.toString(page.get(page.size() - 1).id()));
    return new PlainResponse(
        200, "application/json; charset=utf-8", headers, rows.toString(), Duration.ZERO);
  }

  private static ObjectNode row(SimMatch trade) {
    return JSON.createObjectNode()
        .put("trade_id", trade.id())
        .put("side", trade.makerSide().wireName())
        .put("size", padded(trade.size()))
        .put("price", padded(trade.price()))
        .put("time", CoinbaseFrames.TIME.format(trade.time()));
  }

  private ObjectNode row(CoinbaseProduct product) {
    boolean delisted = venue.isDelisted(product.id());
    return JSON.createObjectNode()
        .put("id", product.id())
        .put("base_currency", product.base())
        .put("quote_currency", product.quote())
        .put("quote_increment", smallest(product.priceScale()))
        .put("base_increment", smallest(DECIMALS))
        .put("display_name", product.id())
        .put("min_market_funds", "1")
        .put("margin_enabled", false)
        .put("post_only", false)
        .put("limit_only", false)
        .put("cancel_only", false)
        .put("status", delisted ? "delisted" : "online")
        .put("status_message", "")
        .put("trading_disabled", delisted)
        .put("fx_stablecoin", false)
        .put("max_slippage_percentage", "0.03000000")
        .put("auction_mode", false)
        .put("high_bid_limit_percentage", "");
  }

  private static String smallest(int scale) {
    return BigDecimal.ONE.movePointLeft(scale).toPlainString();
  }

  /** REST keeps the zeros that the websocket cuts. */
  private static String padded(String decimal) {
    BigDecimal value = new BigDecimal(decimal);
    return value
        .setScale(Math.max(DECIMALS, value.scale()), RoundingMode.UNNECESSARY)
        .toPlainString();
  }

  /** The number, or null if the text is not one. */
  private static @Nullable Long number(@Nullable String text, Long otherwise) {
    if (text == null) {
      return otherwise;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static PlainResponse message(int status, String message) {
    try {
      return PlainResponse.json(status, JSON.writeValueAsString(Map.of("message", message)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
