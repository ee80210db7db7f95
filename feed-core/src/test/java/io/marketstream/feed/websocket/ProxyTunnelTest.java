package io.marketstream.feed.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.marketstream.feed.harness.ConnectProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ProxyTunnelTest {

  private static final InetSocketAddress FEED =
      InetSocketAddress.createUnresolved("feed.invalid", 443);

  /** Returns the message for a proxy with this answer, or null if the tunnel is open. */
  private static String words(ConnectProxy.Answer answer, String user, String password)
      throws IOException {
    try (ServerSocket feed = new ServerSocket(0);
        ConnectProxy proxy = new ConnectProxy(feed.getLocalPort(), answer);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      socket.setSoTimeout(5_000);
      HttpProxy settings =
          new HttpProxy(
              "127.0.0.1", proxy.port(), user, user == null ? null : new Password(password));
      Throwable thrown = catchThrowable(() -> ProxyTunnel.open(settings, socket, FEED));
      if (thrown == null) {
        return null;
      }
      assertThat(thrown).isInstanceOf(ProxyException.class);
      return thrown.getMessage().replace(proxy.address(), "p:1");
    }
  }

  private static String words(String... lines) throws IOException {
    return words(ConnectProxy.says(lines), null, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 200 OK", "HTTP/1.0 200 Connection established", "HTTP/1.1 204"})
  void anySuccessOpensIt(String status) throws IOException {
    assertThat(words(status)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 302, 401, 403, 429, 502})
  void aRefusalNamesTheProxyTheAddressAndTheStatus(int status) throws IOException {
    assertThat(words("HTTP/1.1 " + status + " quoted by nobody"))
        .isEqualTo(
            "the proxy p:1 opened no tunnel to feed.invalid:443 (HTTP "
                + status
                + "): ask its operator to allow CONNECT to that address");
  }

  @Test
  void theFirstRequestHasTheUser() throws IOException {
    String authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString("us\u00e9r:p\u00e4ss:w".getBytes(StandardCharsets.UTF_8));
    assertThat(words(ConnectProxy.opensWith(authorization), "us\u00e9r", "p\u00e4ss:w")).isNull();
    assertThat(words(ConnectProxy.opensWith(authorization), "us\u00e9r", "wrong"))
        .isEqualTo(
            "the proxy p:1 rejected the credentials (HTTP 407): check proxy.user and proxy.password");
    assertThat(words(ConnectProxy.opensWith(authorization), null, null))
        .isEqualTo("the proxy p:1 requires a user (HTTP 407): set proxy.user and proxy.password");
  }

  @Test
  void unsupportedSchemesAreNamed() throws IOException {
    assertThat(
            words(
                "HTTP/1.1 407 Proxy Authentication Required",
                "proxy-authenticate: NTLM",
                "Proxy-Authenticate: Negotiate abc"))
        .isEqualTo(
            "the proxy p:1 asks for Negotiate or NTLM authentication (HTTP 407):"
                + " this connector supports only Basic");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSH-2.0-OpenSSH_9.2", "HTTP/2 200", "HTTP/1.1 2000", ""})
  void aServerThatIsNotAnHttpProxyIsReported(String line) throws IOException {
    assertThat(words(line)).isEqualTo("the server at p:1 is not an HTTP proxy: check proxy.url");
  }

  @Test
  void anAnswerWithoutEndIsCut() throws IOException {
    byte[] more = "HTTP/1.1 200 OK and more of it".getBytes(StandardCharsets.US_ASCII);
    assertThat(
            words(
                (head, client) -> {
                  for (int i = 0; i < 1_000; i++) {
                    client.write(more);
                  }
                  return false;
                },
                null,
                null))
        .contains("gave no answer when asked for feed.invalid:443", "its response has no end");
  }

  @Test
  void aProxyThatClosesTheConnectionIsReported() throws IOException {
    assertThat(words((head, client) -> false, null, null))
        .contains("gave no answer", "it closed the connection", "check that proxy.url");
  }

  @Test
  void bytesAfterTheAnswerAreLeftForTheFeed() throws IOException {
    try (ServerSocket server = new ServerSocket(0);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
        Socket proxy = server.accept()) {
      socket.setSoTimeout(5_000);
      proxy.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\nX".getBytes(StandardCharsets.US_ASCII));
      ProxyTunnel.open(new HttpProxy("127.0.0.1", 1, null, null), socket, FEED);
      assertThat(socket.getInputStream().read()).isEqualTo('X');
    }
  }

  @Test
  void theProxysTextHasItsAddressAndNoLogin() {
    HttpProxy proxy = new HttpProxy("proxy", 3128, "user", new Password("s3cret"));
    assertThat(proxy).hasToString("proxy:3128");
    assertThat(proxy.redact("s3cret, " + proxy.authorization())).isEqualTo("***, Basic ***");
  }
}
