package io.marketstream.pipeline.connect;

import static io.marketstream.pipeline.connect.TestConnector.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.marketstream.embedded.component.ConnectRest;
import io.marketstream.embedded.component.ConnectRestException;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.pipeline.TestStack;
import io.marketstream.pipeline.TopicContents;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.fault.HandshakeFault;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.market.SimTrade;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests all kinds of failures with logs at DEBUG. A feed's key is only where Kafka stores the
 * submitted configuration, and not even there if it was submitted as a reference.
 */
@Tag("connect")
@Tag("extended")
@Order(5)
class SecretsIT {

  // A slash, which JSON may escape.
  private static final String TOKEN = "f1nnhub/s3cret-t0ken-of-48-characters-0a1b2c3d4e5f";
  private static final String API_KEY =
      "c01ncap-s3cret-k3y-of-64-hex-like-digits-9f8e7d6c5b4a392817060504";
  private static final String REFERRED = "s3cret-behind-a-reference";
  private static final String PROXY_PASSWORD = "pr0xy-s3cret";
  private static final String STORE_PASSWORD = "st0re-s3cret";
  private static final List<String> SECRETS =
      List.of(TOKEN, API_KEY, REFERRED, PROXY_PASSWORD, STORE_PASSWORD);
  private static final int PIECE = 12;

  /** The length at which an older version cut the text of a feed before it masked it. */
  private static final int CUT = 200;

  private static final String CONFIGS = "market-stream-connect-configs";

  @TempDir Path home;
  private final FinnhubSimulator feed = FinnhubSimulator.builder().tokens(TOKEN).start();
  private final FinnhubSimulator other = FinnhubSimulator.builder().tokens(REFERRED).start();
  private final CoinCapSimulator coincap = CoinCapSimulator.builder().apiKeys(API_KEY).start();
  private TestStack stack;

  @BeforeEach
  void startWorker() {
    stack =
        TestStack.connectOnly(home)
            .worker("offset.flush.interval.ms", "1000")
            .workerEnvironment("FINNHUB_REFERRED", REFERRED)
            .workerJvmOption("-Dmarketstream.log.level=debug")
            .workerJvmOption("-Dmarketstream.log.config.level=debug")
            .build()
            .start();
  }

  @AfterEach
  void stopEverything() {
    stack.close();
    feed.close();
    other.close();
    coincap.close();
  }

  @Test
  void aKeyIsOnlyInTheSubmittedConfiguration() throws Exception {
    List<String> answers = new ArrayList<>();
    TestConnector stocks =
        TestConnector.finnhub(stack, feed, "AAPL").with("finnhub.token", TOKEN).put();
    TestConnector coins =
        TestConnector.coincap(stack, coincap, "bitcoin").with("coincap.api.key", API_KEY).put();
    TestConnector referring =
        TestConnector.finnhub(stack, other, "MSFT")
            .with("finnhub.token", "${env:FINNHUB_REFERRED}")
            .put();
    coincap.awaitConnected(1, TIMEOUT);
    feed.awaitSubscribed(List.of("AAPL"), TIMEOUT);
    other.awaitSubscribed(List.of("MSFT"), TIMEOUT);

    // Messages of the feed may repeat the key.
    feed.sendRaw("{\"msg\":\"Invalid token " + TOKEN + "\",\"type\":\"error\"}");
    feed.sendRaw("?token=" + TOKEN);
    other.sendRaw("not json, " + REFERRED);
    coincap.sendRaw("{\"bitcoin\":\"" + API_KEY + "\"}");
    // At the places where texts are cut, and in other spellings.
    String padding = "x".repeat(CUT - TOKEN.length() / 2);
    feed.sendRaw("{\"msg\":\"" + padding + TOKEN + "\",\"type\":\"error\"}");
    feed.sendRaw("{\"msg\":\"" + TOKEN.replace("/", "\\/") + "\",\"type\":\"error\"}");
    feed.sendBytes(("x".repeat(1_000) + TOKEN).getBytes(StandardCharsets.UTF_8));
    feed.send(List.of(SimTrade.of("AAPL", "1.5", "2", 1_700_000_000_000L)));
    LinkedHashMap<String, String> prices = new LinkedHashMap<>();
    prices.put("bitcoin", "1.5");
    coincap.sendPrices(prices);
    stocks.awaitTicks(1);
    coins.awaitTicks(1);
    stocks.awaitRejects(5);
    referring.awaitRejects(1);
    coins.awaitRejects(1);
    answers.addAll(stack.metrics.everything());
    answers.addAll(stack.metrics.threads(name -> true));

    // Every way to lose a connection that has its own message.
    feed.faults().close(1011, "token " + TOKEN + " replaced");
    other.faults().close(1011, REFERRED);
    await().atMost(TIMEOUT).until(() -> feed.connectionCount() + other.connectionCount() >= 4);
    for (FinnhubSimulator unwell : List.of(feed, other)) {
      unwell.faults().failHandshakes(1, HandshakeFault.status(503));
      unwell.faults().failHandshakes(1, HandshakeFault.drop());
      unwell.faults().failHandshakes(1, HandshakeFault.status(401));
      unwell.faults().reset();
    }
    coincap.sendRaw("Unauthorized: " + "x".repeat(CUT - 20 - API_KEY.length() / 2) + API_KEY);
    answers.add(stocks.awaitTask("FAILED").trace());
    answers.add(coins.awaitTask("FAILED").trace());
    answers.add(referring.awaitTask("FAILED").trace());

    // A key in the wrong place.
    TestConnector wrong =
        TestConnector.finnhub(stack, feed, "AAPL")
            .with("finnhub.token", TOKEN)
            .with("finnhub.websocket.url", "wss://ws.finnhub.io/?token=" + TOKEN);
    assertThatThrownBy(wrong::put)
        .isInstanceOf(ConnectRestException.class)
        .satisfies(refusal -> answers.add(refusal.getMessage()));

    ConnectRest rest = stack.connect.rest();
    TestConnector networked =
        TestConnector.finnhub(stack, feed, "AAPL")
            .with("finnhub.token", TOKEN)
            .with("proxy.url", "http://127.0.0.1:" + FreePorts.next())
            .with("proxy.user", "someone")
            .with("proxy.password", PROXY_PASSWORD)
            .with("ssl.truststore.location", "no-such-file.jks")
            .with("ssl.truststore.password", STORE_PASSWORD);
    answers.add(
        rest.call(
                "PUT",
                "/connector-plugins/FinnhubSourceConnector/config/validate",
                networked.with("name", networked.name).config.toString())
            .toString());
    answers.add(networked.put().awaitTask("FAILED").trace());
    networked.with("ssl.truststore.location", "").with("ssl.truststore.password", "").put();
    networked.awaitRunning();
    networked.awaitOpen("CONNECTION_LOST", 1);
    answers.add(rest.status(networked.name).toString());
    for (TestConnector connector : List.of(stocks, coins, referring)) {
      answers.add(rest.status(connector.name).toString());
      answers.add(connector.offsets().toString());
      answers.add(rest.call("GET", "/connectors/" + connector.name + "/topics", null).toString());
    }
    answers.add(rest.call("GET", "/connectors?expand=status", null).toString());
    answers.add(
        rest.call("GET", "/connectors/" + referring.name + "?expand=info", null).toString());
    answers.add(rest.call("GET", "/connectors/" + referring.name + "/tasks", null).toString());

    assertFree("REST answers, metrics and threads", answers);
    assertFree("the worker's log", logLines());
    assertThat(logLines()).as("the log is at DEBUG").anyMatch(line -> line.contains(" DEBUG "));
    topics()
        .forEach(
            (topic, texts) -> {
              if (topic.equals(CONFIGS)) {
                assertThat(texts)
                    .as("the submitted configuration")
                    .anyMatch(text -> text.contains(TOKEN));
                assertThat(texts).noneMatch(text -> text.contains(REFERRED));
              } else {
                assertFree("topic " + topic, texts);
              }
            });
    assertThat(topics().keySet())
        .contains(CONFIGS, "market-stream-connect-offsets", "market-stream-connect-status")
        .contains(stocks.topic("gaps"), stocks.topic("rejected"), coins.topic("rejected"));
  }

  /**
   * Requires that no text has a piece of a secret that helps to guess the rest, or its spelling in
   * hex.
   */
  private static void assertFree(String where, List<String> texts) {
    for (String secret : SECRETS) {
      for (String piece : pieces(secret)) {
        assertThat(texts.stream().filter(text -> text.contains(piece)).limit(3).toList())
            .as("%s with %s of %s", where, piece, secret)
            .isEmpty();
      }
    }
  }

  private static List<String> pieces(String secret) {
    List<String> pieces = new ArrayList<>();
    for (int i = 0; i + PIECE <= secret.length(); i++) {
      String piece = secret.substring(i, i + PIECE);
      pieces.add(piece);
      pieces.add(HexFormat.of().formatHex(piece.getBytes(StandardCharsets.UTF_8)));
    }
    return pieces;
  }

  private List<String> logLines() throws IOException {
    try (Stream<String> lines = Files.lines(stack.connect.log())) {
      return lines.toList();
    }
  }

  private Map<String, List<String>> topics() throws Exception {
    Map<String, List<String>> all = new LinkedHashMap<>();
    try (Admin admin = stack.kafka.admin()) {
      for (String topic :
          admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get()) {
        List<String> texts = new ArrayList<>();
        for (ConsumerRecord<String, String> record : TopicContents.records(stack.kafka, topic)) {
          texts.add(record.key() + " " + record.value());
          record
              .headers()
              .forEach(header -> texts.add(new String(header.value(), StandardCharsets.UTF_8)));
        }
        all.put(topic, texts);
      }
    }
    return all;
  }
}
