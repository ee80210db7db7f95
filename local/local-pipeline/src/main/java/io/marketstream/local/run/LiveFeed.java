package io.marketstream.local.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Checks before a run whether a live feed without a key can be reached. */
public final class LiveFeed {
  private static final URI COINBASE = URI.create("wss://ws-feed.exchange.coinbase.com");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String JAVA_OPTIONS = "JAVA_TOOL_OPTIONS";

  private LiveFeed() {}

  /**
   * Opens a connection to Coinbase and closes it again. Behind a proxy it checks nothing, because
   * only the proxy knows.
   *
   * @throws UsageException if there is no way to the feed
   */
  public static void requireReachable(RunOptions options) {
    Path configs = options.root().resolve("connect-configs");
    JsonNode config = new ConnectorConfigs(configs).live(Feed.COINBASE).path("config");
    boolean hasProxy =
        config.hasNonNull("proxy.url")
            || options.environment().getOrDefault(JAVA_OPTIONS, "").contains("proxyHost");
    if (!hasProxy) {
      String url = config.path(Feed.COINBASE.urlConfig()).asText(COINBASE.toString());
      requireReachable(URI.create(url));
    }
  }

  static void requireReachable(URI url) {
    int port = url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("wss") ? 443 : 80;
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(url.getHost(), port), (int) TIMEOUT.toMillis());
    } catch (IOException e) {
      throw new UsageException(
          "Coinbase ("
              + url.getHost()
              + ") cannot be reached from here: "
              + e
              + ". --live needs internet access. Without --live the feeds are simulated",
          e);
    }
  }
}
