package io.marketstream.embedded.maven;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FeedSimulator;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.component.SimulatorSetup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The simulated feeds as a process. It prints its ports once it listens. */
final class SimulatorProcess extends ProcessComponent implements FeedSimulator {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY = "simulated-feed";

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final SimulatorSetup setup;
  private volatile @Nullable Ports ports; // null until the process has announced them

  SimulatorProcess(ComponentSettings settings, ComponentClasspath classpath, SimulatorSetup setup) {
    super(settings, classpath);
    this.setup = setup;
  }

  /** The ports that the process announces; 0 for a feed that it does not serve. */
  private record Ports(int finnhub, int coincap, int coinbase, int control) {}

  @Override
  public String version() {
    return classpath.versionOf("feed-simulator");
  }

  @Override
  Launch prepare() throws IOException {
    ports = null;
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--feeds",
                String.join(",", new TreeSet<>(setup.feeds())),
                "--rate",
                Integer.toString(setup.rate()),
                "--seed",
                Long.toString(setup.seed()),
                // The same ports as in the last run, because its connectors have them.
                "--finnhub-port",
                port("finnhub"),
                "--coincap-port",
                port("coincap"),
                "--coinbase-port",
                port("coinbase"),
                "--control-port",
                Integer.toString(settings.port()),
                "--finnhub-token",
                KEY,
                "--coincap-api-key",
                KEY,
                // ExitWithParent reads standard input.
                "--no-stdin"));
    settings.overrides().forEach((option, value) -> arguments.addAll(List.of(option, value)));
    return new Launch(List.of(), "io.marketstream.simulator.FeedSimulatorMain", arguments);
  }

  @Override
  boolean isReady() {
    announced().ifPresent(found -> ports = found);
    return ports != null;
  }

  @Override
  public URI finnhubUrl() {
    return URI.create("ws://127.0.0.1:" + known().finnhub());
  }

  @Override
  public URI coincapUrl() {
    return URI.create("ws://127.0.0.1:" + known().coincap() + "/prices");
  }

  @Override
  public URI coinbaseUrl() {
    return URI.create("ws://127.0.0.1:" + known().coinbase());
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public void pauseSending() {
    control("POST", "/pause");
  }

  @Override
  public void resumeSending() {
    control("POST", "/resume");
  }

  @Override
  public Map<String, Long> ticksSent() {
    Map<String, Long> sent = new TreeMap<>();
    parse(control("GET", "/stats"))
        .properties()
        .forEach(feed -> sent.put(feed.getKey(), feed.getValue().path("ticks_sent").asLong()));
    return sent;
  }

  private String port(String feed) throws IOException {
    Path file = settings.dataDir().resolve(feed + ".port");
    return Integer.toString(FreePorts.rememberedIn(file));
  }

  private Ports known() {
    Ports announced = ports;
    if (announced == null) {
      throw new IllegalStateException(name() + " has not been started");
    }
    return announced;
  }

  private Optional<Ports> announced() {
    return output().tail().stream()
        .filter(line -> line.startsWith("{") && line.contains("\"control\""))
        .findFirst()
        .map(SimulatorProcess::parse)
        .map(
            line ->
                new Ports(
                    line.path("finnhub").asInt(),
                    line.path("coincap").asInt(),
                    line.path("coinbase").asInt(),
                    line.path("control").asInt()));
  }

  private String control(String method, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + known().control() + path))
            .timeout(Duration.ofSeconds(10))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw failure("answered " + response.statusCode() + " to " + method + " " + path);
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(name() + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("did not answer before the wait for it was interrupted");
    }
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("The simulator's answer is not JSON: " + json, e);
    }
  }
}
