package io.marketstream.feed.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Opens a tunnel to the feed through an HTTP proxy, with one {@code CONNECT} request and no retry.
 *
 * <p>OkHttp opens a tunnel for wss URLs only. It would send the whole ws URL to the proxy,
 * including the credential, although RFC 6455 (4.1) requires a tunnel. Also, OkHttp would report a
 * refusal by the proxy like a refusal by the feed, which fails the task.
 */
final class ProxyTunnel {

  private static final int MAX_RESPONSE_LENGTH = 16 * 1024;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
  private static final Pattern CHALLENGE =
      Pattern.compile("(?i)Proxy-Authenticate:\\s*([a-z][a-z0-9-]{0,31})(?:\\s.*)?");

  private static final String CREDENTIAL_KEYS =
      NetworkConfig.PROXY_USER + " and " + NetworkConfig.PROXY_PASSWORD;

  private ProxyTunnel() {}

  /**
   * Opens the tunnel. It reads nothing after the proxy's response, because the feed sends the rest.
   *
   * @param socket connected to the proxy
   * @param feed an address that is never resolved: maybe only the proxy knows the name
   * @throws ProxyException if the proxy does not open the tunnel
   */
  static void open(HttpProxy proxy, Socket socket, InetSocketAddress feed) throws ProxyException {
    String target = target(feed);
    List<String> response;
    try {
      write(socket.getOutputStream(), request(proxy, target));
      response = head(socket.getInputStream());
    } catch (IOException e) {
      // OkHttp closes the socket after the connect timeout.
      boolean late = e instanceof SocketTimeoutException || socket.isClosed();
      throw new ProxyException(
          "the proxy "
              + proxy
              + " gave no answer when asked for "
              + target
              + (late
                  ? " within " + WebSocketConfig.CONNECT_TIMEOUT_MS
                  : " (" + HandshakeFailure.describe(e) + ")")
              + ": check that "
              + NetworkConfig.PROXY_URL
              + " is a working HTTP proxy",
          e);
    }
    Matcher status = STATUS.matcher(response.get(0));
    if (!status.matches()) {
      throw new ProxyException(
          "the server at " + proxy + " is not an HTTP proxy: check " + NetworkConfig.PROXY_URL);
    }
    int code = Integer.parseInt(status.group(1));
    if (code == 407) {
      throw new ProxyException(authenticationProblem(proxy, response));
    }
    if (code / 100 != 2) {
      throw new ProxyException(
          "the proxy "
              + proxy
              + " opened no tunnel to "
              + target
              + " (HTTP "
              + code
              + "): ask its operator to allow CONNECT to that address");
    }
  }

  private static String target(InetSocketAddress feed) {
    String host = feed.getHostString();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + feed.getPort();
  }

  private static String request(HttpProxy proxy, String target) {
    String authorization = proxy.authorization();
    return "CONNECT "
        + target
        + " HTTP/1.1\r\nHost: "
        + target
        + "\r\n"
        + (authorization == null ? "" : "Proxy-Authorization: " + authorization + "\r\n")
        + "\r\n";
  }

  private static void write(OutputStream out, String request) throws IOException {
    out.write(request.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /** The lines of the response's head, at least one. */
  private static List<String> head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      int read = in.read();
      if (read < 0) {
        throw new IOException("it closed the connection");
      }
      if (head.append((char) read).length() > MAX_RESPONSE_LENGTH) {
        throw new IOException("its response has no end");
      }
    }
    return head.toString().lines().toList();
  }

  private static String authenticationProblem(HttpProxy proxy, List<String> response) {
    TreeSet<String> schemes = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : response) {
      Matcher challenge = CHALLENGE.matcher(line);
      if (challenge.matches()) {
        schemes.add(challenge.group(1));
      }
    }
    if (!schemes.isEmpty() && !schemes.contains("Basic")) {
      return "the proxy "
          + proxy
          + " asks for "
          + String.join(" or ", schemes)
          + " authentication (HTTP 407): this connector supports only Basic";
    }
    return proxy.user() == null
        ? "the proxy " + proxy + " requires a user (HTTP 407): set " + CREDENTIAL_KEYS
        : "the proxy " + proxy + " rejected the credentials (HTTP 407): check " + CREDENTIAL_KEYS;
  }
}
