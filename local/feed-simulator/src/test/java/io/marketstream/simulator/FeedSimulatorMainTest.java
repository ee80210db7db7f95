package io.marketstream.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.server.FeedClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class FeedSimulatorMainTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;
  private Process process;
  private BufferedReader out;

  @AfterEach
  void stop() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private void run(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-cp", System.getProperty("java.class.path")));
    command.add(FeedSimulatorMain.class.getName());
    command.addAll(List.of(options));
    process =
        new ProcessBuilder(command).redirectError(directory.resolve("stderr").toFile()).start();
    out = process.inputReader(StandardCharsets.UTF_8);
  }

  private String stderr() throws IOException {
    return Files.readString(directory.resolve("stderr"));
  }

  private static JsonNode control(JsonNode ports, String method, String path, int status)
      throws Exception {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + ports.get("control").asInt() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());
    assertThat(response.statusCode())
        .as("%s %s: %s", method, path, response.body())
        .isEqualTo(status);
    return JSON.readTree(response.body());
  }

  @Test
  void itIsDrivenOverHttpAndEndsWithItsStdin() throws Exception {
    Path journal = directory.resolve("journal.jsonl");
    run("--rate", "2000", "--seed", "42", "--journal", journal.toString());
    JsonNode ports = JSON.readTree(out.readLine());
    assertThat(ports.fieldNames()).toIterable().containsExactly("finnhub", "coincap", "control");

    try (FeedClient finnhub =
            FeedClient.connect(
                "ws://127.0.0.1:"
                    + ports.get("finnhub").asInt()
                    + "/?token="
                    + FinnhubSimulator.DEFAULT_TOKEN);
        FeedClient coincap =
            FeedClient.connect(
                "ws://127.0.0.1:"
                    + ports.get("coincap").asInt()
                    + "/prices?assets=bitcoin,tron&apiKey="
                    + CoinCapSimulator.DEFAULT_API_KEY)) {
      finnhub.subscribe("AAPL", "BINANCE:BTCUSDT");
      await().atMost(SOON).until(() -> finnhub.texts().size() > 50 && coincap.texts().size() > 50);

      JsonNode paused = control(ports, "POST", "/pause", 200);
      List<String> lines = Files.readAllLines(journal);
      for (String feed : List.of("finnhub", "coincap")) {
        JsonNode counts = paused.get(feed);
        long sent = counts.get("ticks_sent").asLong();
        assertThat(counts.get("connections").asLong()).isEqualTo(1);
        assertThat(counts.get("connected").asLong()).isEqualTo(1);
        assertThat(counts.get("sessions")).hasSize(1);
        assertThat(counts.get("sessions").get(0).get("ticks").asLong()).isEqualTo(sent);
        assertThat(lines.stream().filter(line -> line.startsWith("{\"feed\":\"" + feed + "\"")))
            .hasSize(Math.toIntExact(sent));
      }
      JsonNode first = JSON.readTree(lines.get(0));
      assertThat(first.fieldNames())
          .toIterable()
          .containsExactly(
              "feed",
              "connection",
              "connectionOpenedAt",
              "symbol",
              "price",
              "volume",
              "conditions",
              "eventTimeMs",
              "sequence",
              "index",
              "writtenAt");
      assertThat(control(ports, "GET", "/stats", 200)).isEqualTo(paused);

      control(ports, "POST", "/resume", 200);
      int before = finnhub.texts().size();
      await().atMost(SOON).until(() -> finnhub.texts().size() > before);
      control(ports, "POST", "/fault?feed=coincap&kind=close&code=1001&reason=bye", 200);
      await().atMost(SOON).until(coincap::isOver);
      assertThat(coincap.closeCode()).isEqualTo(1001);
      assertThat(finnhub.isOver()).isFalse();
      control(ports, "POST", "/fault?feed=finnhub&kind=drop", 200);
      await().atMost(SOON).until(finnhub::isOver);

      assertThat(control(ports, "POST", "/fault?kind=earthquake", 400).get("error").asText())
          .contains("earthquake", "drop, reset");
      control(ports, "POST", "/fault?feed=finnhub&kind=unauthorized", 400);
      control(ports, "POST", "/fault?kind=hang&ms=soon", 400);
      control(ports, "POST", "/fault?kind=malformed&frame=nice", 400);
      control(ports, "POST", "/fault?feed=finnhub&kind=refuse-subscriptions", 400);
      control(ports, "POST", "/fault?feed=coincap&kind=too-many-symbols", 400);
      String subscriptions = "-subscriptions&ms=5&symbols=AAPL,IC%20MARKETS:1";
      control(ports, "POST", "/fault?feed=finnhub&kind=refuse" + subscriptions, 200);
      control(ports, "POST", "/fault?feed=finnhub&kind=slow" + subscriptions, 200);
      control(ports, "POST", "/fault?feed=finnhub&kind=accept-subscriptions", 200);
      control(ports, "POST", "/fault?feed=finnhub&kind=late&percent=100&ms=60000", 200);
      control(ports, "POST", "/fault?feed=finnhub&kind=late&percent=200", 400);
      control(ports, "POST", "/fault?feed=coincap&kind=delay&ms=1000", 400);
      control(ports, "POST", "/fault?kind=slow-readers&action=reset&bytes=1000000", 200);
      control(ports, "POST", "/fault?kind=slow-readers&action=shout", 400);
      control(ports, "GET", "/pause", 405);
      control(ports, "GET", "/nothing", 404);
    }

    process.getOutputStream().close();
    assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(out.readLine()).isNull();
    assertThat(stderr()).contains("seed 42").doesNotContain("WARN", "Exception");
  }

  @Test
  void coinbaseIsDrivenOverHttp() throws Exception {
    Path journal = directory.resolve("journal.jsonl");
    run(
        "--feeds",
        "coinbase,coincap",
        "--rate",
        "200",
        "--coinbase-products",
        "BTC-USD,ETH-USD",
        "--coinbase-first-ids",
        "BTC-USD=5000000000",
        "--journal",
        journal.toString());
    JsonNode ports = JSON.readTree(out.readLine());
    assertThat(ports.fieldNames()).toIterable().containsExactly("coincap", "coinbase", "control");
    String address = "127.0.0.1:" + ports.get("coinbase").asInt();
    URI trades = URI.create("http://" + address + "/products/BTC-USD/trades");

    try (FeedClient client = FeedClient.connectPlainly("ws://" + address)) {
      client.say(
          "{\"type\":\"subscribe\",\"product_ids\":[\"BTC-USD\"],\"channels\":[\"matches\"]}");
      await().atMost(SOON).until(() -> client.texts().size() > 10);
      fault(ports, "drop-matches&product=BTC-USD&count=3", 200);
      fault(ports, "halt-trading&product=BTC-USD", 200);
      fault(ports, "resume-trading&product=BTC-USD", 200);
      fault(ports, "absent&product=BTC-USD&id=6000000000", 200);
      fault(ports, "heartbeats&mode=ahead", 200);
      fault(ports, "data-first", 200);
      fault(ports, "unknown-fields&on=false", 200);
      fault(ports, "visibility&ms=0", 200);
      fault(ports, "error&message=ErrSlowConsume", 200);
      await()
          .atMost(SOON)
          .until(
              () -> client.texts().contains("{\"type\":\"error\",\"message\":\"ErrSlowConsume\"}"));

      fault(ports, "rest-status&status=503", 200);
      fault(ports, "rest-limit&times=1", 200);
      fault(ports, "rest-delay&ms=5", 200);
      for (int status : new int[] {503, 429, 200}) {
        HttpResponse<String> page = HTTP.send(request(trades), BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(status);
      }
      fault(ports, "rest-heal", 200);
      fault(ports, "delist&product=ETH-USD", 200);

      fault(ports, "delist", 400);
      fault(ports, "drop-matches&product=XYZ-USD", 400);
      fault(ports, "absent&product=BTC-USD&id=many", 400);
      fault(ports, "heartbeats&mode=loud", 400);
      fault(ports, "visibility", 400);
      control(ports, "POST", "/fault?feed=coincap&kind=rest-limit", 400);
      fault(ports, "late", 400);

      control(ports, "POST", "/pause", 200);
      JsonNode page = JSON.readTree(HTTP.send(request(trades), BodyHandlers.ofString()).body());
      long newest = page.get(0).get("trade_id").asLong();
      assertThat(page).hasSize(Math.toIntExact(newest - 5_000_000_000L + 1));
      // A trade is in the journal once its write has succeeded. The pause keeps those that wait.
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> {
                List<Long> sent = tradeIds(journal);
                assertThat(sent).isSorted().doesNotHaveDuplicates();
                long last = sent.get(sent.size() - 1);
                assertThat(last).isLessThanOrEqualTo(newest);
                assertThat(last - sent.get(0) + 1 - sent.size()).isBetween(0L, 3L);
              });
    }
    process.getOutputStream().close();
    assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(stderr()).doesNotContain("WARN", "Exception");
  }

  /** The ids of the trades of BTC-USD, as whole lines of the journal name them. */
  private static List<Long> tradeIds(Path journal) throws IOException {
    String text = Files.readString(journal);
    List<Long> ids = new ArrayList<>();
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      JsonNode tick = JSON.readTree(line);
      if (tick.get("feed").asText().equals("coinbase")) {
        assertThat(tick.get("symbol").asText()).isEqualTo("BTC-USD");
        ids.add(tick.get("tradeId").asLong());
      }
    }
    return ids;
  }

  private static void fault(JsonNode ports, String kindAndParameters, int status) throws Exception {
    control(ports, "POST", "/fault?feed=coinbase&kind=" + kindAndParameters, status);
  }

  private static HttpRequest request(URI uri) {
    return HttpRequest.newBuilder(uri).build();
  }

  @Test
  void aSigtermWritesTheWholeJournal() throws Exception {
    Path journal = directory.resolve("journal.jsonl");
    run("--feeds", "coincap", "--rate", "500", "--no-stdin", "--journal", journal.toString());
    JsonNode ports = JSON.readTree(out.readLine());
    assertThat(ports.fieldNames()).toIterable().containsExactly("coincap", "control");
    process.getOutputStream().close();
    try (FeedClient client =
        FeedClient.connect(
            "ws://127.0.0.1:"
                + ports.get("coincap").asInt()
                + "/prices?assets=ALL&apiKey="
                + CoinCapSimulator.DEFAULT_API_KEY)) {
      await().atMost(SOON).until(() -> client.texts().size() > 10);
      process.destroy();
      assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      await().atMost(SOON).until(client::isOver);
      String written = Files.readString(journal);
      assertThat(written).endsWith("}\n");
      int received = 0;
      for (String text : client.texts()) {
        received += JSON.readTree(text).size();
      }
      assertThat(written.lines().count()).isEqualTo(received);
    }
  }

  @Test
  void aTakenPortIsOneClearLine() throws Exception {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      run("--coincap-port", Integer.toString(taken.getLocalPort()), "--no-stdin");
      assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(stderr().lines().filter(line -> !line.contains(" INFO ")))
          .containsExactly(
              "feed-simulator: Cannot listen on 127.0.0.1:"
                  + taken.getLocalPort()
                  + ": Address already in use");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX) // others have no 127.0.0.2
  void everyPortListensOnTheChosenAddressOnly() throws Exception {
    run("--host", "127.0.0.2", "--no-stdin");
    JsonNode ports = JSON.readTree(out.readLine());
    for (String name : List.of("finnhub", "coincap", "control")) {
      int port = ports.get(name).asInt();
      new Socket("127.0.0.2", port).close();
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void anUnknownAddressIsOneClearLine() throws Exception {
    run("--host", "no such host");
    assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(stderr().lines())
        .containsExactly(
            "feed-simulator: --host: there is no address for 'no such host' (see --help)");
  }

  @Test
  void aWrongOptionIsOneClearLine() throws Exception {
    run("--rate", "0");
    assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(stderr().lines())
        .containsExactly("feed-simulator: --rate must be above 0, not 0.0 (see --help)");
  }
}
