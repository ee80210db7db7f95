package io.marketstream.api.status;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the REST interface of Connect workers. */
final class ConnectWorkers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String QUERY = "connectors?expand=status&expand=info";

  private final StatusTarget.Connect target;
  private final Duration timeout;

  ConnectWorkers(StatusTarget.Connect target, Duration timeout) {
    this.target = target;
    this.timeout = timeout;
  }

  /**
   * Asks each worker.
   *
   * @throws IOException if none has answered
   */
  Connectors ask() throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().connectTimeout(timeout).build();
    Map<String, List<Connectors.Connector>> answers = new LinkedHashMap<>();
    List<String> failures = new ArrayList<>();
    for (URI worker : target.workers()) {
      try {
        answers.put(worker.toString(), ask(client, worker));
      } catch (IOException e) {
        failures.add(worker + " does not answer: " + Reasons.of(e));
      }
    }
    if (answers.isEmpty()) {
      throw new IOException(String.join(", ", failures));
    }
    return Connectors.of(answers, failures);
  }

  private List<Connectors.Connector> ask(HttpClient client, URI worker)
      throws IOException, InterruptedException {
    String base = worker.toString();
    URI uri = URI.create((base.endsWith("/") ? base : base + "/") + QUERY);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(timeout);
    authorization().ifPresent(value -> request.header("Authorization", value));
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("HTTP status " + response.statusCode());
    }
    return Connectors.parse(JSON.readTree(response.body()));
  }

  private Optional<String> authorization() {
    return target
        .login()
        .map(
            login ->
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString(
                            (login.username() + ":" + login.password())
                                .getBytes(StandardCharsets.UTF_8)));
  }
}
