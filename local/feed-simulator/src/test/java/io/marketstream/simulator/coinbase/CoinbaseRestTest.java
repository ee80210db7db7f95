package io.marketstream.simulator.coinbase;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.simulator.fault.HandshakeFault;
import io.marketstream.simulator.market.SimMatch;
import io.marketstream.simulator.market.SimMatch.Side;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class CoinbaseRestTest {

  private static final String BTC = "BTC-USD";
  private static final String TRADES = "/products/BTC-USD/trades";
  private static final long FIRST_ID = 1_100_236_125L;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private CoinbaseSimulator simulator;

  @AfterEach
  void stop() {
    if (simulator != null) {
      simulator.close();
    }
  }

  private static CoinbaseSimulator.Builder manual() {
    return CoinbaseSimulator.builder()
        .seed(7)
        .heartbeatPeriod(Duration.ZERO)
        .restLimit(1_000_000, 1_000_000);
  }

  private void start(CoinbaseSimulator.Builder builder) {
    simulator = builder.start();
  }

  private HttpResponse<String> get(String pathAndQuery) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(simulator.restUri().resolve(pathAndQuery))
            .setHeader("User-Agent", "a-test")
            .build(),
        BodyHandlers.ofString());
  }

  private JsonNode json(String pathAndQuery) throws Exception {
    HttpResponse<String> response = get(pathAndQuery);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return CoinbaseClient.json(response.body());
  }

  private List<Long> ids(String pathAndQuery) throws Exception {
    List<Long> ids = new ArrayList<>();
    json(pathAndQuery).forEach(row -> ids.add(row.get("trade_id").asLong()));
    return ids;
  }

  private static List<Long> downFrom(long newest, long oldest) {
    return LongStream.rangeClosed(oldest, newest).map(id -> newest + oldest - id).boxed().toList();
  }

  @Test
  void aRowHasTheFieldsOfTheRealFeed() throws Exception {
    start(manual());
    SimMatch trade = simulator.trade(BTC, Side.BUY, "62929.43", "0.00002682");
    HttpResponse<String> response = get(TRADES + "?limit=1");
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/json");
    assertThat(response.body())
        .isEqualTo(
            "[{\"trade_id\":1100236126,\"side\":\"buy\",\"size\":\"0.00002682\","
                + "\"price\":\"62929.43000000\",\"time\":\""
                + CoinbaseFrames.TIME.format(trade.time())
                + "\"}]");
    assertThat(Instant.parse(CoinbaseClient.json(response.body()).at("/0/time").asText()))
        .isEqualTo(trade.time());
  }

  @Test
  void aPageIsNewestFirstAndItsHeadersNameItsEnds() throws Exception {
    start(manual());
    simulator.trade(BTC, 9);
    HttpResponse<String> page = get(TRADES + "?limit=4");
    assertThat(ids(TRADES + "?limit=4")).isEqualTo(downFrom(FIRST_ID + 9, FIRST_ID + 6));
    assertThat(page.headers().firstValue("CB-BEFORE")).hasValue(Long.toString(FIRST_ID + 9));
    assertThat(page.headers().firstValue("CB-AFTER")).hasValue(Long.toString(FIRST_ID + 6));
    assertThat(ids(TRADES + "?limit=4&after=" + (FIRST_ID + 6)))
        .isEqualTo(downFrom(FIRST_ID + 5, FIRST_ID + 2));
    assertThat(ids(TRADES + "?before=" + (FIRST_ID + 7)))
        .isEqualTo(downFrom(FIRST_ID + 9, FIRST_ID + 8));
    assertThat(ids(TRADES + "?after=" + FIRST_ID)).isEmpty();
    assertThat(get(TRADES + "?after=" + FIRST_ID).headers().firstValue("CB-AFTER")).isEmpty();
  }

  @Test
  void aPageHasAtMostAThousandTrades() throws Exception {
    start(manual().pastTrades(2_500));
    long newest = FIRST_ID + 2_499;
    assertThat(ids(TRADES)).isEqualTo(downFrom(newest, newest - 999));
    assertThat(ids(TRADES + "?limit=5000")).hasSize(1_000);
    List<Long> walked = new ArrayList<>();
    for (List<Long> page = ids(TRADES); !page.isEmpty(); ) {
      walked.addAll(page);
      page = ids(TRADES + "?limit=1000&after=" + page.get(page.size() - 1));
    }
    assertThat(walked).isEqualTo(downFrom(newest, FIRST_ID));
    assertThat(ids(TRADES + "?before=" + FIRST_ID)).isEqualTo(downFrom(newest, newest - 999));
  }

  @Test
  void beforeCanGiveTheOldestTrades() throws Exception {
    start(manual().beforeGivesOldest(true));
    simulator.trade(BTC, 9);
    assertThat(ids(TRADES + "?limit=2&before=" + (FIRST_ID + 3)))
        .containsExactly(FIRST_ID + 5, FIRST_ID + 4);
  }

  @Test
  void droppedMatchesAreThere() throws Exception {
    start(manual());
    simulator.dropNextMatches(BTC, 3);
    simulator.trade(BTC, 3);
    assertThat(ids(TRADES)).isEqualTo(downFrom(FIRST_ID + 3, FIRST_ID));
  }

  @Test
  void aClientOfTheJdkClosesItsHole() throws Exception {
    start(manual());
    BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    WebSocket socket =
        HTTP.newWebSocketBuilder()
            .buildAsync(simulator.websocketUri(), new FrameCollector(frames))
            .get(20, TimeUnit.SECONDS);
    socket
        .sendText(
            "{\"type\":\"subscribe\",\"product_ids\":[\"BTC-USD\"],\"channels\":[\"matches\"]}",
            true)
        .get(20, TimeUnit.SECONDS);
    assertThat(next(frames).get("type").asText()).isEqualTo("subscriptions");
    long stored = next(frames).get("trade_id").asLong();
    simulator.dropNextMatches(BTC, 25);
    simulator.trade(BTC, 26);
    long seen = next(frames).get("trade_id").asLong();
    assertThat(seen).isEqualTo(stored + 26);
    socket.abort();

    List<JsonNode> repaired = new ArrayList<>();
    for (long after = seen; after > stored + 1; ) {
      for (JsonNode row : json(TRADES + "?limit=10&after=" + after)) {
        after = row.get("trade_id").asLong();
        if (after > stored) {
          repaired.add(0, row);
        }
      }
    }
    List<SimMatch> lost = simulator.history(BTC).subList(1, 26);
    assertThat(repaired).hasSize(25);
    for (int i = 0; i < lost.size(); i++) {
      JsonNode row = repaired.get(i);
      SimMatch trade = lost.get(i);
      assertThat(row.get("trade_id").asLong()).isEqualTo(trade.id());
      assertThat(row.get("side").asText()).isEqualTo(trade.makerSide().wireName());
      assertThat(new BigDecimal(row.get("size").asText())).isEqualByComparingTo(trade.size());
      assertThat(new BigDecimal(row.get("price").asText())).isEqualByComparingTo(trade.price());
      assertThat(Instant.parse(row.get("time").asText())).isEqualTo(trade.time());
    }
  }

  @Test
  void anAbsentIdIsNowhere() throws Exception {
    start(manual());
    simulator.markAbsent(BTC, FIRST_ID + 2);
    simulator.trade(BTC, 3);
    simulator.markAbsent(BTC, FIRST_ID + 3);
    assertThat(ids(TRADES)).containsExactly(FIRST_ID + 4, FIRST_ID + 1, FIRST_ID);
    assertThat(simulator.history(BTC).stream().map(SimMatch::id))
        .containsExactly(FIRST_ID, FIRST_ID + 1, FIRST_ID + 4);
  }

  @Test
  void aTradeCanBecomeVisibleLater() throws Exception {
    SettableClock clock = new SettableClock();
    start(manual().clock(clock).visibilityDelay(Duration.ofSeconds(3)));
    clock.advance(Duration.ofSeconds(10));
    simulator.trade(BTC, 1);
    assertThat(ids(TRADES)).containsExactly(FIRST_ID);
    clock.advance(Duration.ofMillis(2_999));
    assertThat(ids(TRADES)).containsExactly(FIRST_ID);
    clock.advance(Duration.ofMillis(1));
    assertThat(ids(TRADES)).containsExactly(FIRST_ID + 1, FIRST_ID);
    simulator.trade(BTC, 1);
    simulator.delayVisibility(Duration.ZERO);
    assertThat(ids(TRADES)).hasSize(3);
    assertThat(simulator.history(BTC)).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/products/NO-USD/trades|404|NotFound",
        "/products/btc-usd/trades|404|NotFound",
        "/products/NO-USD|404|NotFound",
        "/orders|404|NotFound",
        "/products/BTC-USD/trades?after=x|400|Invalid value for \"after\"",
        "/products/BTC-USD/trades?before=x|400|before cursor value is not valid",
        "/products/BTC-USD/trades?limit=0|400|Invalid value for \"limit\"",
        "/products/BTC-USD/trades?limit=many|400|Invalid value for \"limit\"",
      })
  void aWrongRequestHasAMessage(String path, int status, String message) throws Exception {
    start(manual());
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(CoinbaseClient.json(response.body()).get("message").asText()).isEqualTo(message);
    assertThat(simulator.restRequests()).extracting(RestRequest::status).containsExactly(status);
  }

  @Test
  void theRateIsLimitedAfterABurst() throws Exception {
    start(CoinbaseSimulator.builder().restLimit(0.001, 15));
    for (int i = 0; i < 15; i++) {
      assertThat(get(TRADES + "?limit=1").statusCode()).isEqualTo(200);
    }
    HttpResponse<String> refused = get(TRADES + "?limit=1");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).isEqualTo("{\"message\":\"Public rate limit exceeded\"}");
  }

  @Test
  void tokensComeBack() {
    AtomicLong nanos = new AtomicLong();
    TokenBucket bucket = new TokenBucket(10, 15, nanos::get);
    for (int i = 0; i < 15; i++) {
      assertThat(bucket.take()).isTrue();
    }
    assertThat(bucket.take()).isFalse();
    nanos.addAndGet(Duration.ofMillis(99).toNanos());
    assertThat(bucket.take()).isFalse();
    nanos.addAndGet(Duration.ofMillis(2).toNanos());
    assertThat(bucket.take()).isTrue();
    assertThat(bucket.take()).isFalse();
    nanos.addAndGet(Duration.ofMinutes(5).toNanos());
    for (int i = 0; i < 15; i++) {
      assertThat(bucket.take()).isTrue();
    }
    assertThat(bucket.take()).isFalse();
  }

  @Test
  void theNextRequestsCanFail() throws Exception {
    start(manual());
    simulator.rateLimitNext(1);
    simulator.failRest(2, 502);
    simulator.delayRest(1, Duration.ofMillis(200));
    assertThat(get(TRADES).statusCode()).isEqualTo(429);
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> page = get(TRADES);
      assertThat(page.statusCode()).isEqualTo(502);
      assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
      assertThat(page.body()).startsWith("<html>");
    }
    long before = System.nanoTime();
    assertThat(ids(TRADES)).hasSize(1);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(199));
    simulator.failRest(5, 500);
    simulator.healRest();
    assertThat(get(TRADES).statusCode()).isEqualTo(200);
  }

  @Test
  void handshakeFaultsDoNotHitRest() throws Exception {
    start(manual());
    simulator.faults().failHandshakes(1, HandshakeFault.status(503));
    assertThat(get(TRADES).statusCode()).isEqualTo(200);
    assertThat(simulator.handshakeCount()).isZero();
  }

  @Test
  void aRequestWithoutUserAgentIsRefused() throws Exception {
    start(manual());
    assertThat(statusLine("")).isEqualTo("HTTP/1.1 403 Forbidden");
    assertThat(statusLine("User-Agent: x\r\n")).isEqualTo("HTTP/1.1 200 OK");
  }

  private String statusLine(String header) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), simulator.port())) {
      String request =
          "GET " + TRADES + " HTTP/1.1\r\nHost: x\r\n" + header + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      return new String(answer, StandardCharsets.UTF_8).lines().findFirst().orElseThrow();
    }
  }

  @Test
  void theProductsHaveTheFieldsOfTheRealFeed() throws Exception {
    start(manual().products("DOGE-USD", BTC).delisted("JUP-USD"));
    JsonNode products = json("/products");
    assertThat(products)
        .extracting(row -> row.get("id").asText())
        .containsExactly("DOGE-USD", BTC, "JUP-USD");
    assertThat(products.get(1))
        .isEqualTo(
            CoinbaseClient.json(
                "{'id':'BTC-USD','base_currency':'BTC','quote_currency':'USD',"
                    + "'quote_increment':'0.01','base_increment':'0.00000001',"
                    + "'display_name':'BTC-USD','min_market_funds':'1','margin_enabled':false,"
                    + "'post_only':false,'limit_only':false,'cancel_only':false,'status':'online',"
                    + "'status_message':'','trading_disabled':false,'fx_stablecoin':false,"
                    + "'max_slippage_percentage':'0.03000000','auction_mode':false,"
                    + "'high_bid_limit_percentage':''}"));
    assertThat(products.get(0).get("quote_increment").asText()).isEqualTo("0.00001");
    assertThat(products.get(2).get("status").asText()).isEqualTo("delisted");
    assertThat(products.get(2).get("trading_disabled").asBoolean()).isTrue();
    simulator.delist(BTC);
    assertThat(json("/products/BTC-USD").get("status").asText()).isEqualTo("delisted");
    assertThat(ids(TRADES)).containsExactly(FIRST_ID);
  }

  private static JsonNode next(BlockingQueue<JsonNode> frames) throws InterruptedException {
    JsonNode frame = frames.poll(20, TimeUnit.SECONDS);
    assertThat(frame).isNotNull();
    return frame;
  }

  /** Puts each text message into a queue. */
  private static final class FrameCollector implements WebSocket.Listener {
    private final BlockingQueue<JsonNode> frames;
    private final StringBuilder message = new StringBuilder();

    private FrameCollector(BlockingQueue<JsonNode> frames) {
      this.frames = frames;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      message.append(part);
      if (last) {
        frames.add(CoinbaseClient.json(message.toString()));
        message.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }
  }

  /** A clock that stands still between two calls of {@link #advance}. */
  private static final class SettableClock extends Clock {
    private volatile Instant now = Instant.parse("2026-09-30T01:34:37Z");

    void advance(Duration duration) {
      now = now.plus(duration);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
