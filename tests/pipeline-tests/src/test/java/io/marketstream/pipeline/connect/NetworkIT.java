package io.marketstream.pipeline.connect;

import static io.marketstream.pipeline.connect.TestConnector.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.marketstream.feed.harness.ConnectProxy;
import io.marketstream.feed.harness.TestCertificate;
import io.marketstream.pipeline.GapRow;
import io.marketstream.pipeline.TestStack;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.market.SimTrade;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A {@code wss://} feed behind a proxy with a password, with a certificate that no JVM trusts by
 * default (docs/connectors/common.md, "Proxy and certificates").
 */
@Tag("connect")
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(SharedCluster.class)
class NetworkIT {

  private static final long NOON = 1_700_000_000_000L;
  private static final String CONNECTION_LOST = "CONNECTION_LOST";

  /** DNS does not know this name, so only the proxy can reach it. */
  private static final String HOST = "feed.invalid";

  private static final String USER = "market-data";
  private static final String PASSWORD = "pr0xy-s3cret";
  private static final String WRONG_PASSWORD = "wr0ng-s3cret";

  @TempDir static Path files;
  private static TestCertificate certificate;
  private static Path authorities;

  private final TestStack stack;
  private final FinnhubSimulator feed = FinnhubSimulator.builder().start();
  private TlsFront front;
  private ConnectProxy proxy;
  private TestConnector connector;

  NetworkIT(TestStack stack) {
    this.stack = stack;
  }

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = new TestCertificate(files, HOST);
    authorities = Files.writeString(files.resolve("authorities.pem"), certificate.pem());
  }

  @BeforeEach
  void startProxy() throws Exception {
    front = new TlsFront(certificate, feed.port());
    proxy = new ConnectProxy(front.port(), ConnectProxy.opensWith("Basic " + basic(PASSWORD)));
    connector =
        TestConnector.finnhub(stack, feed, "AAPL", "MSFT")
            .with("finnhub.websocket.url", "wss://" + HOST)
            .with("proxy.url", proxy.url())
            .with("proxy.user", USER)
            .with("proxy.password", PASSWORD)
            .with("ssl.truststore.type", "PEM")
            .with("ssl.truststore.location", authorities.toString());
  }

  @AfterEach
  void close() throws Exception {
    connector.close();
    proxy.close();
    front.close();
    feed.close();
  }

  private static String basic(String password) {
    return Base64.getEncoder()
        .encodeToString((USER + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  private void awaitConnected() throws Exception {
    feed.awaitSubscribed(List.of("AAPL", "MSFT"), TIMEOUT);
  }

  private void send() {
    List<SimTrade> trades =
        List.of(
            SimTrade.of("AAPL", "150.25", "5", NOON, "1"),
            SimTrade.of("MSFT", "300.5", "7", NOON + 1, "1"));
    await().atMost(TIMEOUT).until(() -> feed.send(trades) == 1);
  }

  @Test
  void ticksComeThroughAProxyWithPassword() throws Exception {
    connector.put();
    awaitConnected();
    send();

    assertThat(connector.awaitTicks(2))
        .extracting(
            tick -> tick.get("symbol").asText(),
            tick -> tick.get("price").asText(),
            tick -> tick.get("volume").asText(),
            tick -> tick.get("event_time").asLong())
        .containsExactlyInAnyOrder(
            tuple("AAPL", "150.25", "5", NOON), tuple("MSFT", "300.5", "7", NOON + 1));
    connector.awaitExplained();
    assertThat(connector.gaps()).isEmpty();
    assertThat(proxy.requests())
        .singleElement()
        .asString()
        .startsWith("CONNECT " + HOST + ":443 HTTP/1.1\r\n")
        .contains("\r\nProxy-Authorization: Basic " + basic(PASSWORD) + "\r\n")
        .doesNotContain(FinnhubSimulator.DEFAULT_TOKEN);
    assertThat(connector.log("WARN")).isEmpty();
    assertThat(connector.log("ERROR")).isEmpty();
  }

  @Test
  void withoutTheTruststoreTheGapSaysWhatToDo() throws Exception {
    connector.config.remove(List.of("ssl.truststore.location", "ssl.truststore.type"));
    connector.put();

    List<GapRow> open = awaitOutage("the server's certificate is not accepted");
    assertThat(connector.gapRecords())
        .allMatch(gap -> gap.get("detail").asText().contains("ssl.truststore.location"));

    connector
        .with("ssl.truststore.type", "PEM")
        .with("ssl.truststore.location", authorities.toString());
    assertOverOnceReconfigured(open);
    assertThat(feed.connectionCount()).as("no earlier connection to the feed").isEqualTo(1);
  }

  @Test
  void aWrongProxyPasswordIsNeverShown() throws Exception {
    connector.with("proxy.password", WRONG_PASSWORD).put();

    List<GapRow> open =
        awaitOutage(
            "the proxy "
                + proxy.address()
                + " rejected the credentials (HTTP 407): check proxy.user and proxy.password");
    assertThat(proxy.requests()).allMatch(head -> head.contains(basic(WRONG_PASSWORD)));
    assertNoPasswordIn("status", stack.connect.rest().status(connector.name).toString());

    connector.with("proxy.password", PASSWORD);
    assertOverOnceReconfigured(open);
    assertNoPasswordIn("status", stack.connect.rest().status(connector.name).toString());
    assertNoPasswordIn("offsets", connector.offsets().toString());
    assertNoPasswordIn("gap records", connector.gapRecords().toString());
    assertNoPasswordIn("ticks", connector.ticks().toString());
    List<String> log = Files.readAllLines(stack.connect.log());
    assertThat(log.stream().filter(NetworkIT::tellsAPassword).toList())
        .as("the worker's log")
        .isEmpty();
  }

  /**
   * Requires that a continuing outage is reported once, with any number of attempts, and that the
   * task does not fail.
   */
  private List<GapRow> awaitOutage(String detail) {
    List<GapRow> open = connector.awaitOpen(CONNECTION_LOST, 2);
    await().atMost(TIMEOUT).until(() -> connector.metric("losses-connection-lost-total") >= 2);
    connector.awaitStored("AAPL", 0);
    connector.awaitStored("MSFT", 0);
    connector.awaitRunning();
    assertThat(connector.metric("connected")).isZero();
    assertThat(open).extracting(GapRow::symbol).containsExactlyInAnyOrder("AAPL", "MSFT");
    assertThat(connector.gapRecords())
        .hasSize(2)
        .allMatch(gap -> gap.get("detail").asText().contains(detail), detail);
    assertThat(connector.log("WARN")).hasSize(1).allMatch(line -> line.contains(detail), detail);
    assertThat(connector.log("ERROR")).isEmpty();
    return open;
  }

  private void assertOverOnceReconfigured(List<GapRow> open) throws Exception {
    connector.put();
    awaitConnected();
    send();

    assertThat(connector.awaitClosed(CONNECTION_LOST, 2))
        .extracting(GapRow::identity)
        .containsExactlyInAnyOrderElementsOf(open.stream().map(GapRow::identity).toList());
    connector.awaitExplained();
    connector.awaitRunning();
    assertThat(connector.gaps()).hasSize(2);
    assertThat(connector.log("WARN")).hasSize(1);
    assertThat(connector.log("ERROR")).isEmpty();
  }

  private static boolean tellsAPassword(String text) {
    return List.of(PASSWORD, WRONG_PASSWORD, basic(PASSWORD), basic(WRONG_PASSWORD)).stream()
        .anyMatch(text::contains);
  }

  private static void assertNoPasswordIn(String where, String text) {
    assertThat(text).as(where).isNotEmpty().matches(said -> !tellsAPassword(said), "no password");
  }
}
