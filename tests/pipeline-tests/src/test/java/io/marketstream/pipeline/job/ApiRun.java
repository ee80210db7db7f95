package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.pipeline.BuiltModule;
import io.marketstream.pipeline.TestStack;
import java.io.BufferedReader;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The read API as a process of its own, started as a user starts it. */
final class ApiRun implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);

  private final Path log;
  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI address;

  /** Starts it on a free port, and returns when it serves. */
  ApiRun(TestStack stores, String keyspace) {
    this(stores, keyspace, List.of(), Map.of());
  }

  /**
   * @param options further options, such as {@code --cassandra-config=…}
   * @param environment further environment variables, such as a login
   */
  ApiRun(TestStack stores, String keyspace, List<String> options, Map<String, String> environment) {
    log = stores.newFolder("api-" + keyspace).resolve("api.log");
    try {
      Files.createDirectories(log.getParent());
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "-XX:TieredStopAtLevel=1",
                  "-jar",
                  BuiltModule.jar("market-data-api").toString(),
                  "--port=0",
                  "--keyspace=" + keyspace,
                  "--cassandra="
                      + stores.cassandra.cqlAddress().getHostString()
                      + ":"
                      + stores.cassandra.cqlAddress().getPort()));
      command.addAll(options);
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
      builder.environment().putAll(environment);
      process = builder.start();
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      String line = out.readLine();
      assertThat(line).as("see %s", log).startsWith("market-data-api: http://127.0.0.1:");
      address = URI.create(line.substring("market-data-api: ".length()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it has logged so far. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The answer, whatever its status. */
  HttpResponse<String> get(String path) {
    try {
      return client.send(
          HttpRequest.newBuilder(address.resolve(path)).timeout(REQUEST_TIMEOUT).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The answer of a request that must succeed. */
  JsonNode json(String path) {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(200);
    return parse(response.body());
  }

  static JsonNode parse(String body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** Opens the stream. The caller closes it. */
  TickStreamReader stream(List<String> symbols, String lastEventId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                address.resolve("/api/stream?symbols=" + encode(String.join(",", symbols))))
            .header("Accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    return new TickStreamReader(client, request.build());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("the API ends on SIGTERM").isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
