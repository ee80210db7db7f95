package io.marketstream.pipeline.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.pipeline.BuiltModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The built market-data-api as a process of its own. It keeps its port when it starts again. */
public final class ApiProcess implements AutoCloseable {
  private static final Duration START_BOUND = Duration.ofMinutes(2);
  private static final long STOP_BOUND_S = 30;

  private final int port = FreePorts.next();
  private final CassandraNode cassandra;
  private final String keyspace;
  private final Path log;
  private Process process;

  public ApiProcess(CassandraNode cassandra, String keyspace, Path log) {
    this.cassandra = cassandra;
    this.keyspace = keyspace;
    this.log = log;
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port + "/");
  }

  /** Starts, and waits until the API reads from Cassandra. */
  public void start() {
    try {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-jar",
                  BuiltModule.jar("market-data-api").toString(),
                  "--port",
                  Integer.toString(port),
                  "--keyspace",
                  keyspace,
                  "--cassandra",
                  cassandra.cqlAddress().getHostString() + ":" + cassandra.cqlAddress().getPort())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await("the API answers").atMost(START_BOUND).until(this::isHealthy);
  }

  private boolean isHealthy() throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(uri().resolve("health")).timeout(Duration.ofSeconds(5)).build();
      return HttpClient.newHttpClient()
              .send(request, HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether any of these symbols is in the list of symbols. */
  boolean lists(Collection<String> symbols) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri().resolve("api/symbols")).build();
    String answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    for (JsonNode each : new ObjectMapper().readTree(answer).path("symbols")) {
      if (symbols.contains(each.path("symbol").asText())) {
        return true;
      }
    }
    return false;
  }

  public void stop() {
    Process running = process;
    if (running != null) {
      running.destroy();
      try {
        if (!running.waitFor(STOP_BOUND_S, TimeUnit.SECONDS)) {
          running.destroyForcibly();
        }
      } catch (InterruptedException e) {
        running.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    stop();
  }
}
