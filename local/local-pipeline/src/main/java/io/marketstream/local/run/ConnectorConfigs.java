package io.marketstream.local.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.embedded.component.FeedSimulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the connector files in connect-configs/. A live feed uses its file as it is. For a
 * simulated feed, the URL, key and source name are replaced.
 */
public final class ConnectorConfigs {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ENVIRONMENT = Pattern.compile("\\$\\{env:(?:[^:}]*:)?([^:}]+)}");

  private final Path folder;

  /**
   * Reads from a folder.
   *
   * @param folder connect-configs/
   */
  public ConnectorConfigs(Path folder) {
    this.folder = folder;
  }

  /** Returns the JSON to create the connector of a live feed. Its key stays a reference. */
  public ObjectNode live(Feed feed) {
    Path file = folder.resolve(feed.connectorFile());
    try {
      return (ObjectNode) JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UsageException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Returns the environment variables that the file of a feed refers to: {@code ${env:NAME}}. */
  Set<String> environmentVariables(Feed feed) {
    Set<String> names = new TreeSet<>();
    Matcher reference = ENVIRONMENT.matcher(live(feed).toString());
    while (reference.find()) {
      names.add(reference.group(1));
    }
    return names;
  }

  /** Returns the JSON to create the connector of a simulated feed. */
  public ObjectNode simulated(Feed feed, FeedSimulator simulator) {
    ObjectNode connector = live(feed);
    ObjectNode config = (ObjectNode) connector.get("config");
    config
        .put(feed.urlConfig(), url(feed, simulator).toString())
        .put("source.name", feed.source(false));
    if (feed == Feed.COINBASE) {
      // The simulator serves its history at the port of its websocket.
      String history = url(feed, simulator).toString().replaceFirst("^ws", "http");
      config.put("coinbase.rest.url", history);
    }
    feed.keyConfig().ifPresent(key -> config.put(key, simulator.key()));
    return connector;
  }

  private static URI url(Feed feed, FeedSimulator simulator) {
    return switch (feed) {
      case FINNHUB -> simulator.finnhubUrl();
      case COINCAP -> simulator.coincapUrl();
      case COINBASE -> simulator.coinbaseUrl();
    };
  }
}
