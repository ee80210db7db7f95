package io.marketstream.local.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.local.component.FeedSimulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/**
 * The files of connect-configs/: as they are for a live feed, pointed at the simulator otherwise.
 */
public final class ConnectorConfigs {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  /**
   * @param folder connect-configs/
   */
  public ConnectorConfigs(Path folder) {
    this.folder = folder;
  }

  /** The body for {@code POST /connectors} of a live feed: the file. Its key stays a reference. */
  public ObjectNode live(Feed feed) {
    Path file = folder.resolve(feed.connectorFile());
    try {
      return (ObjectNode) JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UserError("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** The same with the URL, key and source name of the simulated feed. */
  public ObjectNode simulated(Feed feed, FeedSimulator simulator) {
    ObjectNode connector = live(feed);
    URI url = feed == Feed.FINNHUB ? simulator.finnhubUrl() : simulator.coincapUrl();
    ((ObjectNode) connector.get("config"))
        .put(feed.urlConfig(), url.toString())
        .put(feed.keyConfig(), simulator.key())
        .put("source.name", feed.source(false));
    return connector;
  }
}
