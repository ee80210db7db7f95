package io.marketstream.toy;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.harness.ConnectProxy;
import io.marketstream.feed.harness.RunningTask;
import io.marketstream.feed.harness.ScriptedFeed;
import io.marketstream.feed.harness.TestCertificate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Connects through a proxy to a feed with its own certificate authority. DNS does not know the
 * feed's name.
 */
@Timeout(60)
class ProxyAndTruststoreTest {

  private static final String HOST = "feed.invalid";
  private static final String USER = "us\u00e9r";
  private static final String PASSWORD = "pr0xy:s\u00e9cret";
  private static final String AUTHORIZATION =
      "Basic "
          + Base64.getEncoder()
              .encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));

  @TempDir static Path files;
  private static TestCertificate certificate;

  private final Map<String, String> properties = new HashMap<>();
  private ScriptedFeed feed;
  private ConnectProxy proxy;
  private RunningTask task;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = new TestCertificate(files, HOST);
    certificate.truststore(files.resolve("trust.p12"), "PKCS12", "tru5t-pw");
    certificate.truststore(files.resolve("trust.jks"), "JKS", "tru5t-pw");
    Files.writeString(
        files.resolve("trust.pem"), "# of the feed\n" + certificate.pem() + certificate.pem());
  }

  @BeforeEach
  void startFeedAndProxy() throws Exception {
    feed = new ScriptedFeed(ProxyAndTruststoreTest::tickThenWait, certificate.serverSocket());
    proxy = new ConnectProxy(feed.port(), ConnectProxy::opens);
    properties.put("name", "toy");
    properties.put("toy.key", "s3cret");
    properties.put("toy.symbols", "EURUSD");
    properties.put("toy.websocket.url", "wss://" + HOST);
    properties.put("reconnect.backoff.ms", "10");
    properties.put("reconnect.backoff.max.ms", "50");
    properties.put("proxy.url", proxy.url());
    trust("PEM", "trust.pem", null);
  }

  @AfterEach
  void close() throws Exception {
    if (task != null) {
      task.stop();
      StringWriter seen = new StringWriter();
      task.records().forEach(polled -> seen.append(polled.toString()));
      if (task.failure() != null) {
        task.failure().printStackTrace(new PrintWriter(seen));
      }
      assertThat(seen.toString())
          .as("records, offsets and exceptions")
          .doesNotContain("s3cret", PASSWORD, "tru5t-pw", AUTHORIZATION.substring(6));
    }
    proxy.close();
    feed.close();
  }

  private static void tickThenWait(ScriptedFeed.Peer peer) throws IOException {
    peer.upgrade();
    peer.read();
    peer.text("EURUSD 1.08420 1000");
    while (!peer.read().startsWith("close")) {
      // The feed does not answer subscriptions.
    }
    peer.frame(0x88, new byte[] {0x03, (byte) 0xE8});
    peer.awaitEnd();
  }

  private void trust(String type, String file, String password) {
    properties.put("ssl.truststore.type", type);
    properties.put("ssl.truststore.location", files.resolve(file).toString());
    if (password == null) {
      properties.remove("ssl.truststore.password");
    } else {
      properties.put("ssl.truststore.password", password);
    }
  }

  private void start() {
    task = new RunningTask(new ToySourceTask(), properties, new RunningTask.Offsets());
  }

  private void awaitTick() {
    task.await("a tick", t -> t.ticks().size() == 1);
  }

  /** Returns the gap's detail after a retry, which shows that the task did not fail. */
  private String detailAfterRetries() {
    task.await("an open gap", t -> !t.gaps().isEmpty());
    Struct gap = task.gaps().get(0);
    assertThat(gap.getString("cause")).isEqualTo("CONNECTION_LOST");
    return gap.getString("detail");
  }

  private void awaitRequests(int count) {
    task.await("more attempts", t -> proxy.requests().size() >= count);
    assertThat(task.failure()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "PEM,trust.pem,",
    "PKCS12,trust.p12,tru5t-pw",
    "JKS,trust.jks,tru5t-pw",
    "JKS,trust.jks,",
    "JKS,trust.p12,tru5t-pw"
  })
  void ticksArriveThroughProxyWithTruststore(String type, String file, String password) {
    trust(type, file, password);
    start();
    awaitTick();
    assertThat(proxy.requests())
        .singleElement()
        .asString()
        .startsWith("CONNECT feed.invalid:443 HTTP/1.1\r\nHost: feed.invalid:443\r\n")
        .doesNotContain("Proxy-Authorization", "s3cret");
    assertThat(task.gaps()).isEmpty();
  }

  @Test
  void plainWebsocketIsTunnelledToo() throws Exception {
    try (ScriptedFeed plain = new ScriptedFeed(ProxyAndTruststoreTest::tickThenWait);
        ConnectProxy toPlain = new ConnectProxy(plain.port(), ConnectProxy::opens)) {
      properties.put("toy.websocket.url", "ws://[2001:db8::1]:8080/prices");
      properties.put("proxy.url", toPlain.url());
      start();
      awaitTick();
      assertThat(toPlain.requests())
          .singleElement()
          .asString()
          .startsWith("CONNECT [2001:db8:0:0:0:0:0:1]:8080 HTTP/1.1\r\n")
          .doesNotContain("s3cret");
    }
  }

  @Test
  void aProxyThatAsksForAUserGetsItAtOnce() {
    proxy.nowAnswer(ConnectProxy.opensWith(AUTHORIZATION));
    properties.put("proxy.user", USER);
    properties.put("proxy.password", PASSWORD);
    start();
    awaitTick();
    assertThat(proxy.requests()).hasSize(1);
  }

  @Test
  void aRepeatedProxyPasswordIsMasked() throws Exception {
    try (ScriptedFeed echo =
            new ScriptedFeed(
                peer -> {
                  peer.upgrade();
                  peer.text("said " + PASSWORD);
                  peer.text("sent " + AUTHORIZATION);
                  peer.awaitEnd();
                },
                certificate.serverSocket());
        ConnectProxy toEcho = new ConnectProxy(echo.port(), ConnectProxy::opens)) {
      properties.put("proxy.url", toEcho.url());
      properties.put("proxy.user", USER);
      properties.put("proxy.password", PASSWORD);
      start();
      task.await("two rejects", t -> t.rejects().size() == 2);
      assertThat(task.rejects())
          .extracting(reject -> reject.getString("input"))
          .containsExactly("said ***", "sent Basic ***");
    }
  }

  @Test
  void untrustedFeedNamesTheTruststoreKey() {
    properties.remove("ssl.truststore.location");
    start();
    assertThat(detailAfterRetries())
        .startsWith("the server's certificate is not accepted")
        .contains("ssl.truststore.location", "unable to find valid certification path");
    awaitRequests(3);
  }

  @Test
  void aTrustedCertificateForAnotherHostIsRefused() {
    properties.put("toy.websocket.url", "wss://another.invalid");
    start();
    assertThat(detailAfterRetries())
        .startsWith("the server's certificate is for another host: check the URL")
        .contains("another.invalid not verified", "ssl.truststore.location does not help");
    awaitRequests(3);
  }

  @Test
  void wrongProxyPasswordIsRetriedWithBackoff() {
    proxy.nowAnswer(ConnectProxy.opensWith(AUTHORIZATION));
    properties.put("proxy.user", USER);
    properties.put("proxy.password", PASSWORD + "x");
    properties.put("reconnect.backoff.ms", "60000");
    properties.put("reconnect.backoff.max.ms", "60000");
    start();
    assertThat(detailAfterRetries())
        .isEqualTo(
            "the proxy "
                + proxy.address()
                + " rejected the credentials (HTTP 407): check proxy.user and proxy.password");
    assertThat(proxy.requests()).hasSize(1);
  }

  @Test
  void theGapEndsWhenTheProxyAcceptsTheLogin() {
    proxy.nowAnswer(ConnectProxy.opensWith(AUTHORIZATION));
    start();
    assertThat(detailAfterRetries())
        .contains("requires a user (HTTP 407): set proxy.user and proxy.password");
    awaitRequests(3);
    proxy.nowAnswer(ConnectProxy::opens);
    awaitTick();
    assertThat(task.gaps()).hasSize(2);
    assertThat(task.gaps().get(1).get("gap_end")).isNotNull();
  }

  @Test
  void aRefusalOfTheProxyIsNotAnAnswerOfTheFeed() {
    proxy.nowAnswer(ConnectProxy.says("HTTP/1.1 403 Forbidden"));
    start();
    assertThat(detailAfterRetries())
        .startsWith("the proxy " + proxy.address() + " opened no tunnel to feed.invalid:443");
    awaitRequests(3);
    assertThat(feed.attempts()).isEmpty();
  }

  @Test
  void anUnreachableProxyIsNamed() throws Exception {
    try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      properties.put("proxy.url", "http://127.0.0.1:" + unused.getLocalPort());
    }
    start();
    assertThat(detailAfterRetries())
        .startsWith("the proxy 127.0.0.1:")
        .contains("cannot be reached (ConnectException", "check proxy.url");
  }

  @Test
  void aProxyWhoseNameIsUnknownIsNamed() {
    properties.put("proxy.url", "http://proxy.invalid:3128");
    start();
    assertThat(detailAfterRetries())
        .startsWith("the proxy proxy.invalid:3128 cannot be reached (UnknownHostException");
  }

  @Test
  void theConnectTimeoutCoversAProxyThatHangs() {
    proxy.nowAnswer(ConnectProxy::hangs);
    properties.put("connect.timeout.ms", "1000");
    start();
    assertThat(detailAfterRetries())
        .contains("gave no answer when asked for feed.invalid:443 within connect.timeout.ms");
    awaitRequests(3);
  }

  @Test
  void theConnectTimeoutCoversAProxyThatDrips() {
    proxy.nowAnswer(
        (head, client) -> {
          while (true) {
            client.write('H');
            Thread.sleep(50);
          }
        });
    properties.put("connect.timeout.ms", "1000");
    start();
    assertThat(detailAfterRetries()).contains("within connect.timeout.ms");
    awaitRequests(3);
  }

  @Test
  void theConnectTimeoutCoversTlsBehindTheProxyToo() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ConnectProxy toSilent = new ConnectProxy(silent.getLocalPort(), ConnectProxy::opens)) {
      properties.put("proxy.url", toSilent.url());
      properties.put("connect.timeout.ms", "1000");
      start();
      assertThat(detailAfterRetries()).containsIgnoringCase("timeout").doesNotContain("proxy");
      task.await("more attempts", t -> toSilent.requests().size() >= 3);
    }
  }

  @Test
  void stopIsQuickWhileTheProxyHangs() throws Exception {
    proxy.nowAnswer(ConnectProxy::hangs);
    start();
    task.await("a request", t -> !proxy.requests().isEmpty());
    assertThat(task.stop()).isLessThan(Duration.ofSeconds(10));
    task.await(
        "the end of the threads",
        t ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().matches("feed-(session|socket)-toy")));
  }

  @Test
  void endlessMessageIsCutWithTlsAndProxy() throws Exception {
    properties.put("frame.max.bytes", "1024");
    try (ScriptedFeed endless =
            new ScriptedFeed(
                peer -> {
                  peer.upgrade();
                  peer.read();
                  peer.text("EURUSD 1.08420 1000");
                  while (true) {
                    peer.frame(0x01, new byte[1_000]);
                    for (int i = 0; i < 100; i++) {
                      peer.frame(0x00, new byte[1_000]);
                    }
                  }
                },
                certificate.serverSocket());
        ConnectProxy toEndless = new ConnectProxy(endless.port(), ConnectProxy::opens)) {
      properties.put("proxy.url", toEndless.url());
      start();
      assertThat(detailAfterRetries()).contains("a message exceeds 16384 bytes");
    }
  }

  @Test
  void aProxyThatDropsTheTunnelIsALostConnection() throws Exception {
    start();
    awaitTick();
    proxy.close();
    assertThat(detailAfterRetries()).isNotEmpty();
  }

  @Test
  void jvmProxyAppliesWithoutProxyUrl() {
    proxy.nowAnswer(ConnectProxy.opensWith(AUTHORIZATION));
    properties.remove("proxy.url");
    Map<String, String> jvm =
        Map.of("https.proxyHost", "127.0.0.1", "https.proxyPort", String.valueOf(proxy.port()));
    jvm.forEach(System::setProperty);
    try {
      start();
      assertThat(detailAfterRetries()).contains("Failed to authenticate with proxy");
      proxy.nowAnswer(ConnectProxy::opens);
      awaitTick();
      assertThat(proxy.requests()).allMatch(head -> head.startsWith("CONNECT feed.invalid:443 "));
    } finally {
      jvm.keySet().forEach(System::clearProperty);
    }
  }

  @Test
  void aProxyUrlOverridesTheSettingsOfTheJvm() {
    Map<String, String> jvm = Map.of("https.proxyHost", "127.0.0.1", "https.proxyPort", "1");
    jvm.forEach(System::setProperty);
    try {
      start();
      awaitTick();
    } finally {
      jvm.keySet().forEach(System::clearProperty);
    }
  }

  private String failureToStart() {
    start();
    Throwable failure = task.awaitFailure();
    assertThat(failure).isInstanceOf(ConnectException.class);
    assertThat(feed.attempts()).isEmpty();
    return failure.getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PKCS12|absent.p12|tru5t-pw|ssl.truststore.location: |cannot be read on the worker",
        "PEM|.|tru5t-pw|ssl.truststore.location: |cannot be read on the worker",
        "PKCS12|trust.p12|wrong|ssl.truststore.password does not open |trust.p12",
        "JKS|trust.jks|wrong|ssl.truststore.password does not open |trust.jks",
        "PKCS12|trust.p12||ssl.truststore.location: |right ssl.truststore.password",
        "PKCS12|trust.pem|tru5t-pw|ssl.truststore.location: |is not a truststore of ssl.truststore.type=PKCS12",
        "PEM|trust.p12||ssl.truststore.location: |is not a truststore of ssl.truststore.type=PEM",
        "PEM|empty.pem||ssl.truststore.location: |holds no trusted certificate"
      })
  void unusableTruststoreFailsTheTask(
      String type, String file, String password, String begin, String words) throws Exception {
    Files.writeString(files.resolve("empty.pem"), "");
    trust(type, file, password);
    assertThat(failureToStart()).startsWith(begin).contains(files.resolve(file).toString(), words);
  }

  @Test
  void validationDoesNotLookForTheFile() {
    properties.put("ssl.truststore.location", "/on/another/worker.pem");
    List<String> wrong =
        new ToySourceConnector()
            .validate(properties).configValues().stream()
                .filter(value -> !value.errorMessages().isEmpty())
                .map(value -> value.name())
                .toList();
    assertThat(wrong).isEmpty();
  }
}
