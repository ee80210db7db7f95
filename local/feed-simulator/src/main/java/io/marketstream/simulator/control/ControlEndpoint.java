package io.marketstream.simulator.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.marketstream.simulator.journal.Feed;
import io.marketstream.simulator.journal.FeedStats;
import io.marketstream.simulator.journal.JournalFile;
import io.marketstream.simulator.server.FeedSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP endpoint that shows counters, pauses, and injects faults: {@code GET /stats}, {@code
 * POST /pause}, {@code POST /resume}, {@code POST /fault}. Answers JSON.
 */
public final class ControlEndpoint implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ControlEndpoint.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Answers one request. */
  private interface Action {
    ObjectNode answer(Map<String, String> parameters) throws IOException;
  }

  private record Route(String method, Action action) {}

  private final Map<String, Route> routes =
      Map.of(
          "/stats", new Route("GET", parameters -> stats()),
          "/pause", new Route("POST", parameters -> pause()),
          "/resume", new Route("POST", parameters -> resume()),
          "/fault", new Route("POST", this::fault));
  private final List<FeedSimulator> simulators;
  private final @Nullable JournalFile journal;
  private final HttpServer http;
  private final ExecutorService threads;

  /**
   * Starts to answer.
   *
   * @param host the address to listen on
   * @param port 0 for a free one
   * @param journal flushed at a pause; null without a journal
   * @throws IOException if the port cannot be listened on
   */
  public ControlEndpoint(
      InetAddress host, int port, List<FeedSimulator> simulators, @Nullable JournalFile journal)
      throws IOException {
    this.simulators = List.copyOf(simulators);
    this.journal = journal;
    try {
      http = HttpServer.create(new InetSocketAddress(host, port), 0);
    } catch (IOException e) {
      throw new IOException(
          "Cannot listen on " + host.getHostAddress() + ":" + port + ": " + e.getMessage(), e);
    }
    threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "simulator-control");
              thread.setDaemon(true);
              return thread;
            });
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  public int port() {
    return http.getAddress().getPort();
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }

  private ObjectNode stats() {
    ObjectNode answer = JSON.createObjectNode();
    for (FeedSimulator simulator : simulators) {
      FeedStats stats = simulator.stats();
      ObjectNode feed = answer.putObject(simulator.feed().wireName());
      feed.put("ticks_sent", stats.ticksSent());
      feed.put("ticks_unconfirmed", stats.ticksUnconfirmed());
      feed.put("connections", stats.connections());
      feed.put("connected", stats.connected());
      ArrayNode sessions = feed.putArray("sessions");
      for (FeedStats.Session session : stats.sessions()) {
        sessions
            .addObject()
            .put("connection", session.connection())
            .put("opened_at", session.openedAt())
            .put("ticks", session.ticks());
      }
    }
    return answer;
  }

  private ObjectNode pause() throws IOException {
    simulators.forEach(FeedSimulator::pauseSending);
    if (journal != null) {
      journal.flush();
    }
    return stats();
  }

  private ObjectNode resume() {
    simulators.forEach(FeedSimulator::resumeSending);
    return stats();
  }

  private ObjectNode fault(Map<String, String> parameters) {
    String feed = parameters.get("feed");
    Feed only = feed == null ? null : Feed.ofWireName(feed);
    FaultRequest request = FaultRequest.of(parameters);
    boolean applied = false;
    for (FeedSimulator simulator : simulators) {
      if (only == null || simulator.feed() == only) {
        request.applyTo(simulator);
        applied = true;
      }
    }
    if (!applied) {
      throw new IllegalArgumentException(feed + " is not simulated by this process");
    }
    return JSON.createObjectNode().put("ok", true);
  }

  private void handle(HttpExchange exchange) throws IOException {
    Route route = routes.get(exchange.getRequestURI().getPath());
    int status = 200;
    ObjectNode body;
    try {
      if (route == null) {
        status = 404;
        body = error("There is nothing at this path. Use /stats, /pause, /resume or /fault");
      } else if (!exchange.getRequestMethod().equals(route.method())) {
        status = 405;
        exchange.getResponseHeaders().set("Allow", route.method());
        body = error("Use " + route.method());
      } else {
        body = route.action().answer(parameters(exchange));
      }
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      status = 400;
      body = error(e.getMessage());
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} failed", exchange.getRequestURI(), e);
      status = 500;
      body = error(e.getMessage());
    }
    byte[] bytes = JSON.writeValueAsBytes(body);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static ObjectNode error(@Nullable String message) {
    return JSON.createObjectNode().put("error", message);
  }

  private static Map<String, String> parameters(HttpExchange exchange) {
    Map<String, String> parameters = new HashMap<>();
    String query = exchange.getRequestURI().getRawQuery();
    if (query != null) {
      for (String pair : query.split("&", 0)) {
        String[] parts = pair.split("=", 2);
        parameters.put(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
