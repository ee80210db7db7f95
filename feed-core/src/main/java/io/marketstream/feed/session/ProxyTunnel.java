package io.marketstream.feed.session;

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
 * Asks a proxy for a tunnel to the feed: one {@code CONNECT}, one answer, no second try.
 *
 * <p>OkHttp could do it for wss only: a ws URL it would hand to the proxy whole, credential
 * included, where RFC 6455 (4.1) asks for a tunnel too. And a refusal by the proxy must not be
 * taken for one by the feed, which fails the task.
 */
final class ProxyTunnel {

  private static final int LONGEST_ANSWER = 16 * 1024;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
  private static final Pattern CHALLENGE =
      Pattern.compile("(?i)Proxy-Authenticate:\\s*([a-z][a-z0-9-]{0,31})(?:\\s.*)?");

  private ProxyTunnel() {}

  /**
   * Reads nothing beyond the proxy's answer: what follows is the feed's.
   *
   * @param socket connected to the proxy
   * @param feed never resolved: behind a proxy its name may be known to the proxy alone
   * @throws ProxyException if there is no tunnel
   */
  static void open(HttpProxy proxy, Socket socket, InetSocketAddress feed) throws ProxyException {
    String target = target(feed);
    List<String> answer;
    try {
      write(socket.getOutputStream(), request(proxy, target));
      answer = head(socket.getInputStream());
    } catch (IOException e) {
      // Whoever waits longer than connect.timeout.ms closes the socket from outside.
      boolean late = e instanceof SocketTimeoutException || socket.isClosed();
      throw new ProxyException(
          "the proxy "
              + proxy
              + " gave no answer when asked for "
              + target
              + (late ? " within connect.timeout.ms" : " (" + HandshakeFailure.describe(e) + ")")
              + ": check that proxy.url names an HTTP proxy that works",
          e);
    }
    Matcher status = STATUS.matcher(answer.get(0));
    if (!status.matches()) {
      throw new ProxyException("what answers at " + proxy + " is no HTTP proxy: check proxy.url");
    }
    int code = Integer.parseInt(status.group(1));
    if (code == 407) {
      throw new ProxyException(unauthenticated(proxy, answer));
    }
    if (code / 100 != 2) {
      throw new ProxyException(
          "the proxy "
              + proxy
              + " opened no tunnel to "
              + target
              + " (HTTP "
              + code
              + "): ask whoever runs it to allow CONNECT to that address");
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

  /** The lines of the answer's head, at least one. */
  private static List<String> head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      int read = in.read();
      if (read < 0) {
        throw new IOException("it closed the connection");
      }
      if (head.append((char) read).length() > LONGEST_ANSWER) {
        throw new IOException("its answer has no end");
      }
    }
    return head.toString().lines().toList();
  }

  private static String unauthenticated(HttpProxy proxy, List<String> answer) {
    TreeSet<String> schemes = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : answer) {
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
          + " authentication (HTTP 407): this connector knows Basic only";
    }
    return proxy.user() == null
        ? "the proxy " + proxy + " asks who we are (HTTP 407): set proxy.user and proxy.password"
        : "the proxy " + proxy + " refused us (HTTP 407): check proxy.user and proxy.password";
  }
}
