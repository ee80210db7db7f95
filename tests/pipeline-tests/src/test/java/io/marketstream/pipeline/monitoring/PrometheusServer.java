package io.marketstream.pipeline.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.embedded.component.FreePorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** A real Prometheus as a process, on a free port of this machine. */
final class PrometheusServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long STOP_BOUND_S = 20;

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port = FreePorts.next();
  private final Process process;

  /** Starts, and waits until it answers. */
  PrometheusServer(Path binary, Path config, Path home) {
    process =
        start(
            home.resolve("prometheus.log"),
            binary.toString(),
            "--config.file=" + config,
            "--storage.tsdb.path=" + home.resolve("prometheus-data"),
            "--web.listen-address=127.0.0.1:" + port);
    await("Prometheus answers")
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> !query("vector(1)").isEmpty());
  }

  /** Returns a program of the PATH, or empty. */
  static Optional<Path> program(String name) {
    for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
      Path file = Path.of(folder, name);
      if (Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  static Process start(Path log, String... command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void stop(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(STOP_BOUND_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the labels of each sample of the result. */
  List<Map<String, String>> query(String expr) {
    JsonNode answer = get("/api/v1/query?query=" + URLEncoder.encode(expr, StandardCharsets.UTF_8));
    assertThat(answer.path("status").asText()).as("%s: %s", expr, answer).isEqualTo("success");
    List<Map<String, String>> samples = new ArrayList<>();
    for (JsonNode sample : answer.path("data").path("result")) {
      samples.add(labels(sample.path("metric")));
    }
    return samples;
  }

  /** Returns the alerts that fire, as their name and the connector or job that they are about. */
  Set<String> firing() {
    Set<String> firing = new TreeSet<>();
    for (JsonNode alert : get("/api/v1/alerts").path("data").path("alerts")) {
      if (alert.path("state").asText().equals("firing")) {
        JsonNode labels = alert.path("labels");
        String about = labels.path("connector").asText(labels.path("job").asText(""));
        firing.add(labels.path("alertname").asText() + " " + about);
      }
    }
    return firing;
  }

  private static Map<String, String> labels(JsonNode metric) {
    Map<String, String> labels = new LinkedHashMap<>();
    metric.properties().forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return labels;
  }

  private JsonNode get(String path) {
    try {
      return JSON.readTree(
          http.send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                      .timeout(Duration.ofSeconds(10))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    stop(process);
  }
}
