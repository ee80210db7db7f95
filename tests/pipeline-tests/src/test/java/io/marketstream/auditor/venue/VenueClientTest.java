package io.marketstream.auditor.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.marketstream.auditor.evidence.VenueTrade;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.simulator.coinbase.CoinbaseSimulator;
import io.marketstream.simulator.market.SimMatch;
import io.marketstream.simulator.market.SimMatch.Side;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The auditor's client, against the REST API of the Coinbase simulator. */
@Timeout(60)
class VenueClientTest {
  private static final String BTC = "BTC-USD";

  private final List<Duration> waits = new ArrayList<>();
  private long nanos;
  private CoinbaseSimulator simulator;

  @BeforeEach
  void start() {
    simulator =
        CoinbaseSimulator.builder()
            .seed(7)
            .heartbeatPeriod(Duration.ZERO)
            .restLimit(1_000_000, 1_000_000)
            .pastTrades(2_500)
            .start();
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private VenueClient client(URI root, int maxRequests) {
    RequestPace pace =
        new RequestPace(
            () -> nanos,
            wait -> {
              waits.add(wait);
              nanos += wait.toNanos();
            },
            VenueClient.REQUESTS_PER_SECOND);
    return new VenueClient(root, pace, maxRequests);
  }

  private VenueClient client() {
    return client(simulator.restUri(), 100);
  }

  private long newest() {
    List<SimMatch> history = simulator.history(BTC);
    return history.get(history.size() - 1).id();
  }

  @Test
  void aTradeIsAsTheVenueHasIt() throws Exception {
    SimMatch made = simulator.trade(BTC, Side.SELL, "62929.43", "0.00002682");

    VenueTrade read = client().trades(BTC, made.id() + 1).get(0);

    assertThat(read.id()).isEqualTo(made.id());
    assertThat(read.price()).isEqualByComparingTo(new BigDecimal("62929.43"));
    assertThat(read.size()).isEqualByComparingTo(new BigDecimal("0.00002682"));
    assertThat(read.takerSide()).as("the venue names the maker's side").isEqualTo("buy");
    assertThat(read.time()).isEqualTo(made.time().toEpochMilli());
  }

  @Test
  void pagesLeadToTheFirstTrade() throws Exception {
    VenueClient client = client();
    List<Long> ids = new ArrayList<>();
    for (List<VenueTrade> page = client.trades(BTC, newest() + 1); !page.isEmpty(); ) {
      page.forEach(trade -> ids.add(0, trade.id()));
      page = client.trades(BTC, ids.get(0));
    }

    assertThat(ids)
        .isEqualTo(simulator.history(BTC).stream().map(SimMatch::id).toList())
        .hasSize(2_500);
    assertThat(client.requests()).isEqualTo(4);
  }

  @Test
  void thereAreThreeRequestsPerSecond() throws Exception {
    VenueClient client = client();
    for (int i = 0; i < 10; i++) {
      var unused = client.trades(BTC, newest());
    }

    assertThat(nanos)
        .isBetween(Duration.ofSeconds(3).toNanos(), Duration.ofMillis(3_100).toNanos());
  }

  @Test
  void aStormOfRefusalsIsWaitedOut() throws Exception {
    simulator.rateLimitNext(5);

    assertThat(client().trades(BTC, newest() + 1)).hasSize(1_000);
    assertThat(waits).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 16L);
  }

  @Test
  void endlessRefusalsEndTheComparison() {
    simulator.rateLimitNext(1_000);

    assertThatThrownBy(() -> client().trades(BTC, newest() + 1))
        .isInstanceOf(VenueException.class)
        .hasMessageContaining(
            "answers HTTP 429 (Public rate limit exceeded) to 8 requests in a row. Try again later");
    assertThat(simulator.restRequests()).hasSize(8);
  }

  @Test
  void aPageOfHtmlIsTriedAgain() throws Exception {
    simulator.failRest(2, 500);
    assertThat(client().trades(BTC, newest() + 1)).hasSize(1_000);

    simulator.failRest(3, 502);
    assertThatThrownBy(() -> client().trades(BTC, newest() + 1))
        .isInstanceOf(VenueException.class)
        .hasMessageStartingWith(simulator.restUri() + " answers HTTP 502 (tried 3 times). Check")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aRefusedConnectionIsSaidAtOnce() {
    URI nobody = URI.create("http://127.0.0.1:" + FreePorts.next());

    assertThatThrownBy(() -> client(nobody, 100).trades(BTC, newest()))
        .isInstanceOf(VenueException.class)
        .hasMessageStartingWith("Cannot connect to the venue at " + nobody + ": ")
        .hasMessageContaining("Check --venue-url")
        .hasMessageContaining("https.proxyHost");
    assertThat(waits).isEmpty();
  }

  @Test
  void anUnknownProductIsNamed() {
    assertThatThrownBy(() -> client().trades("NO-USD", 1_000))
        .isInstanceOf(VenueException.class)
        .hasMessageContaining("has no product NO-USD. Check --venue-products");
  }

  @Test
  void theNumberOfRequestsIsLimited() throws Exception {
    VenueClient client = client(simulator.restUri(), 2);
    simulator.rateLimitNext(1);
    var unused = client.trades(BTC, newest());

    assertThatThrownBy(() -> client.trades(BTC, newest()))
        .isInstanceOf(VenueException.class)
        .hasMessageContaining("needs more than 2 requests", "--venue-last");
    assertThat(simulator.restRequests()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<html>Log in to the hotel</html> | does not answer in JSON, but with '<html>Log in",
        "{\"trade_id\":7} | does not answer with a list of trades",
        "[{\"trade_id\":7,\"side\":\"up\",\"size\":\"1\",\"price\":\"1\"}] | is not a trade",
        "[{\"trade_id\":7,\"side\":\"buy\",\"size\":\"1\",\"price\":\"1e9\"}] | is not a trade",
        "[{\"trade_id\":7,\"side\":\"buy\",\"size\":\"1\",\"price\":\"1\",\"time\":\"x\"}] | is not a",
        "[{\"trade_id\":99,\"side\":\"buy\",\"size\":\"1\",\"price\":\"1\",\"time\":"
            + "\"2026-09-30T01:34:38Z\"}] | where ids below 9 belong",
      })
  void anAnswerThatIsNoPageOfTradesIsRefused(String body, String message) throws Exception {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    other.start();
    try {
      URI root = URI.create("http://127.0.0.1:" + other.getAddress().getPort());

      assertThatThrownBy(() -> client(root, 100).trades(BTC, 9))
          .isInstanceOf(VenueException.class)
          .hasMessageContaining(message);
    } finally {
      other.stop(0);
    }
  }
}
