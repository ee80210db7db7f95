package io.marketstream.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.embedded.component.ConnectRest;
import io.marketstream.simulator.coinbase.CoinbaseSimulator;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Creates the connectors of connect-configs/ on a worker, for simulated feeds. */
public final class ShippedConnectors {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI worker;

  /**
   * @param worker the address of its REST API
   */
  public ShippedConnectors(URI worker) {
    this.worker = worker;
  }

  /**
   * Creates the connector of finnhub-source.json.
   *
   * @param settings of the connector, over ours
   */
  public void createFinnhub(FinnhubSimulator feed, String symbols, Map<String, String> settings) {
    Map<String, String> overlay = new HashMap<>();
    overlay.put("finnhub.token", FinnhubSimulator.DEFAULT_TOKEN);
    overlay.put("finnhub.websocket.url", feed.url());
    overlay.put("finnhub.symbols", symbols);
    overlay.put("finnhub.subscribe.interval.ms", "1");
    overlay.put("reconnect.backoff.ms", "100");
    overlay.put("source.name", TestPipeline.FINNHUB);
    overlay.putAll(settings);
    create("finnhub-source.json", overlay);
  }

  /**
   * Creates the connector of coincap-source.json.
   *
   * @param settings of the connector, over ours
   */
  public void createCoinCap(CoinCapSimulator feed, String assets, Map<String, String> settings) {
    Map<String, String> overlay = new HashMap<>();
    overlay.put("coincap.api.key", CoinCapSimulator.DEFAULT_API_KEY);
    overlay.put("coincap.websocket.url", feed.url());
    overlay.put("coincap.assets", assets);
    overlay.put("reconnect.backoff.ms", "100");
    overlay.put("source.name", TestPipeline.COINCAP);
    overlay.putAll(settings);
    create("coincap-source.json", overlay);
  }

  /**
   * Creates the connector of coinbase-source.json.
   *
   * @param settings of the connector, over ours
   */
  public void createCoinbase(
      CoinbaseSimulator feed, List<String> products, Map<String, String> settings) {
    Map<String, String> overlay = new HashMap<>();
    overlay.put("coinbase.websocket.url", feed.url());
    overlay.put("coinbase.rest.url", feed.restUri().toString());
    overlay.put("coinbase.products", String.join(",", products));
    overlay.put("reconnect.backoff.ms", "100");
    overlay.put("source.name", TestPipeline.COINBASE);
    overlay.putAll(settings);
    create("coinbase-source.json", overlay);
  }

  /** Returns the content of a connector's file in connect-configs/. */
  public static ObjectNode read(String file) {
    try {
      return (ObjectNode)
          JSON.readTree(TestStack.ROOT.resolve("connect-configs").resolve(file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void create(String file, Map<String, String> overlay) {
    try {
      ObjectNode connector = read(file);
      ObjectNode config = (ObjectNode) connector.get("config");
      overlay.forEach(config::put);
      new ConnectRest(worker).create(JSON.writeValueAsString(connector));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
