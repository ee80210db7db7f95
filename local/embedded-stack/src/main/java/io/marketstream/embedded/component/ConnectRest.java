package io.marketstream.embedded.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client of a Connect worker's REST API.
 *
 * <p>Every method returns or throws within 95 s, because the worker itself answers within 90 s. It
 * throws {@link UncheckedIOException} if the worker cannot be reached, and {@link
 * ConnectRestException} if the worker answers with an error.
 */
public final class ConnectRest {
  /** The worker itself answers within 90 s, even if only with a timeout. */
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(95);

  /** The state is polled every second, so a slow answer must not hold up the caller. */
  private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(3);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final URI base;

  public ConnectRest(URI base) {
    this.base = base;
  }

  /**
   * The state of a connector or task.
   *
   * @param name the connector's name, or {@code connector-task}
   * @param state {@code RUNNING}, {@code PAUSED}, {@code FAILED} and so on
   * @param trace the stack trace of the failure; empty unless the state is {@code FAILED}
   */
  public record State(String name, String state, String trace) {
    public boolean isRunning() {
      return state.equals("RUNNING");
    }

    public boolean isFailed() {
      return state.equals("FAILED");
    }
  }

  /** Returns whether the worker has joined its group and knows its connectors. */
  public boolean isReady() {
    try {
      Duration timeout = Duration.ofSeconds(5);
      int health = send("GET", "/health", null, timeout).statusCode();
      // Workers before 3.9 have no /health, so ask for the list of connectors instead.
      return health == 200
          || (health == 404 && send("GET", "/connectors", null, timeout).statusCode() == 200);
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Creates a connector with the content of a file of connect-configs/. */
  public JsonNode create(String connectorJson) {
    return call("POST", "/connectors", connectorJson);
  }

  /** Creates a connector, or changes its configuration. */
  public JsonNode putConfig(String connector, JsonNode config) {
    return call("PUT", path(connector) + "/config", config.toString());
  }

  /** Returns the names of the connectors. */
  public List<String> connectors() {
    List<String> names = new ArrayList<>();
    call("GET", "/connectors", null).forEach(name -> names.add(name.asText()));
    return names;
  }

  /** Returns the status of a connector as the worker sends it. */
  public JsonNode status(String connector) {
    return call("GET", path(connector) + "/status", null, STATUS_TIMEOUT);
  }

  /**
   * Returns the state of the connector, then the states of its tasks. Empty while the worker does
   * not know the connector yet.
   */
  public List<State> states(String connector) {
    JsonNode status;
    try {
      status = status(connector);
    } catch (ConnectRestException e) {
      if (e.status() == 404) {
        return List.of();
      }
      throw e;
    }
    List<State> states = new ArrayList<>();
    states.add(state(connector, status.path("connector")));
    status
        .path("tasks")
        .forEach(task -> states.add(state(connector + "-" + task.path("id").asInt(), task)));
    return states;
  }

  public void pause(String connector) {
    call("PUT", path(connector) + "/pause", "");
  }

  public void stop(String connector) {
    call("PUT", path(connector) + "/stop", "");
  }

  public void resume(String connector) {
    call("PUT", path(connector) + "/resume", "");
  }

  /** Restarts the connector and its tasks. */
  public void restart(String connector) {
    call("POST", path(connector) + "/restart?includeTasks=true", "");
  }

  public void delete(String connector) {
    call("DELETE", path(connector), null);
  }

  /**
   * Makes any other call.
   *
   * @param path starts with a slash
   * @param body the JSON to send; null for none
   */
  public JsonNode call(String method, String path, @Nullable String body) {
    return call(method, path, body, CALL_TIMEOUT);
  }

  private JsonNode call(String method, String path, @Nullable String body, Duration timeout) {
    HttpResponse<String> response = send(method, path, body, timeout);
    if (response.statusCode() >= 300) {
      throw new ConnectRestException(response.statusCode(), message(response));
    }
    return parse(response.body());
  }

  private HttpResponse<String> send(
      String method, String path, @Nullable String body, Duration timeout) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("The Connect worker at " + base + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(
          "No longer waiting for the Connect worker at " + base, new IOException(e));
    }
  }

  private static String message(HttpResponse<String> response) {
    try {
      String message = JSON.readTree(response.body()).path("message").asText();
      return message.isEmpty() ? "HTTP " + response.statusCode() : message;
    } catch (JsonProcessingException e) {
      return "HTTP " + response.statusCode();
    }
  }

  private static JsonNode parse(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("The Connect worker's answer is not JSON", e);
    }
  }

  private static State state(String name, JsonNode node) {
    return new State(name, node.path("state").asText(), node.path("trace").asText());
  }

  private static String path(String connector) {
    return "/connectors/"
        + URLEncoder.encode(connector, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
