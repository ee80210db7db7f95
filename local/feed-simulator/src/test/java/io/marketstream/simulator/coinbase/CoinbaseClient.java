package io.marketstream.simulator.coinbase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.simulator.server.FeedClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** A client of the simulated Coinbase feed that reads its frames as JSON. */
final class CoinbaseClient implements AutoCloseable {

  static final Duration SOON = Duration.ofSeconds(20);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final FeedClient client;

  private CoinbaseClient(FeedClient client) {
    this.client = client;
  }

  static CoinbaseClient connect(CoinbaseSimulator simulator) throws IOException {
    return new CoinbaseClient(FeedClient.connectPlainly(simulator.url()));
  }

  static CoinbaseClient connectDeflating(CoinbaseSimulator simulator) throws IOException {
    return new CoinbaseClient(FeedClient.connectDeflating(simulator.url()));
  }

  FeedClient raw() {
    return client;
  }

  /** Sends a request with single quotes in place of double ones. */
  CoinbaseClient say(String request) throws IOException {
    client.say(request.replace('\'', '"'));
    return this;
  }

  /** Subscribes to the matches of these products, and waits for the answer. */
  CoinbaseClient subscribed(String... products) throws IOException {
    say(
        "{'type':'subscribe','product_ids':['"
            + String.join("','", products)
            + "'],'channels':['matches']}");
    await(1, "subscriptions");
    return this;
  }

  List<JsonNode> frames() {
    List<JsonNode> frames = new ArrayList<>();
    client.texts().forEach(text -> frames.add(json(text)));
    return frames;
  }

  List<JsonNode> frames(String type) {
    return frames().stream().filter(frame -> frame.path("type").asText().equals(type)).toList();
  }

  /** Waits until at least this many frames of this type have come. Returns all of them. */
  List<JsonNode> await(int count, String type) {
    Awaitility.await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> frames(type).size() >= count);
    return frames(type);
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new AssertionError("Not JSON: " + text, e);
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
