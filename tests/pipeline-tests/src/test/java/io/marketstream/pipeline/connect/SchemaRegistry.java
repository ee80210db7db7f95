package io.marketstream.pipeline.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.process.ComponentProcess;
import io.marketstream.embedded.process.JavaCommand;
import io.marketstream.pipeline.TestStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A real Apicurio Registry as a process, on a free port. It keeps its schemas in memory. */
final class SchemaRegistry implements AutoCloseable {
  private static final Path BUILT =
      TestStack.ROOT.resolve("local/embedded-stack/classpaths/schema-registry/target");
  private static final Duration START_BOUND = Duration.ofMinutes(5);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port = FreePorts.next();
  private final ComponentProcess process;

  /** Starts, and waits until it answers. */
  SchemaRegistry(Path home) {
    try {
      Path folder = Files.createDirectories(home.resolve("registry"));
      process =
          ComponentProcess.start(
              new JavaCommand(
                  "registry",
                  List.of(
                      "-Xmx256m",
                      "-XX:TieredStopAtLevel=1",
                      "-XX:+UseSerialGC",
                      "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")),
                      "-Dquarkus.http.host=127.0.0.1",
                      "-Dquarkus.http.port=" + port,
                      "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"),
                  List.of(runner()),
                  "io.quarkus.runner.GeneratedMain",
                  List.of(),
                  Map.of(),
                  folder,
                  folder.resolve("registry.log")),
              folder.resolve("child"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process.awaitReady(START_BOUND, this::isReady);
  }

  private static Path runner() throws IOException {
    try (Stream<Path> files = Files.list(BUILT.resolve("registry"))) {
      return files
          .filter(file -> file.toString().endsWith("-runner.jar"))
          .findFirst()
          .orElseThrow(
              () -> new IllegalStateException("There is no registry. Build it: -Pextended"));
    }
  }

  /** Returns a folder for {@code plugin.path}: the registry's converters, and a file sink. */
  static Path plugins() {
    return BUILT.resolve("plugins");
  }

  /** Returns the address that converters and serializers need. */
  String url() {
    return "http://127.0.0.1:" + port + "/apis/registry/v2";
  }

  /** Returns the schema with this global id, as text. */
  String schema(long globalId) {
    return get("/ids/globalIds/" + globalId).body();
  }

  /** Registers an Avro schema, and returns its global id. */
  long register(String artifact, String avro) {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(URI.create(url() + "/groups/default/artifacts"))
                .header("Content-Type", "application/json")
                .header("X-Registry-ArtifactId", artifact)
                .header("X-Registry-ArtifactType", "AVRO")
                .POST(HttpRequest.BodyPublishers.ofString(avro)));
    try {
      return JSON.readTree(answer.body()).get("globalId").asLong();
    } catch (JsonProcessingException e) {
      throw new AssertionError(answer.body(), e);
    }
  }

  private boolean isReady() {
    try {
      return get("/system/info").statusCode() == 200;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  private HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(url() + path)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(
          request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.terminate(Duration.ofSeconds(20));
  }
}
