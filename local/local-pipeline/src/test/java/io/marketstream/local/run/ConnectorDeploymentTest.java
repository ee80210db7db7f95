package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.marketstream.embedded.component.ConnectRest;
import io.marketstream.embedded.component.ConnectWorker;
import io.marketstream.embedded.process.ComponentException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Uses a REST port that answers like a worker with problems. */
class ConnectorDeploymentTest {
  private static final String RUNNING =
      "{\"connector\": {\"state\": \"RUNNING\"}, \"tasks\": [{\"id\": 0, \"state\": \"RUNNING\"}]}";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger statusCalls = new AtomicInteger();
  private HttpServer worker;

  @BeforeEach
  void listen() throws IOException {
    worker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    worker.setExecutor(threads);
    worker.createContext("/connectors", exchange -> answer(exchange, 201, "{}"));
    worker.start();
  }

  @AfterEach
  void close() {
    worker.stop(0);
    threads.shutdownNow();
  }

  @Test
  void aLateStatusIsRequestedAgain() {
    worker.createContext(
        "/connectors/c/status",
        exchange -> {
          if (statusCalls.incrementAndGet() == 1) {
            pause(4_000); // longer than a status may take
          }
          answer(exchange, 200, RUNNING);
        });

    start();

    assertThat(statusCalls).hasValue(2);
  }

  @Test
  void aWorkerThatEndsMeanwhileEndsTheStart() {
    worker.createContext(
        "/connectors/c/status",
        exchange -> {
          statusCalls.incrementAndGet();
          exchange.close();
        });

    assertThatThrownBy(this::start)
        .isInstanceOf(ComponentException.class)
        .hasMessageContaining("does not answer while it was given c");
    assertThat(statusCalls).hasValueLessThan(3); // the HTTP client may repeat the request itself
  }

  @Test
  void theWorkerOfAnotherClusterGetsNoConnector() {
    worker.createContext(
        "/", exchange -> answer(exchange, 200, "{\"kafka_cluster_id\": \"theirs\"}"));

    assertThatThrownBy(() -> deployment().requireWorkerOf("ours"))
        .isInstanceOf(ComponentException.class)
        .hasMessageContaining("Another Kafka Connect answers on")
        .hasMessageContaining("theirs");
    deployment().requireWorkerOf("theirs");
  }

  private void start() {
    ObjectNode connector = new ObjectMapper().createObjectNode().put("name", "c");
    connector.putObject("config");
    deployment().deploy(connector);
  }

  private ConnectorDeployment deployment() {
    return new ConnectorDeployment(
        at(URI.create("http://127.0.0.1:" + worker.getAddress().getPort())));
  }

  private static ConnectWorker at(URI rest) {
    return (ConnectWorker)
        Proxy.newProxyInstance(
            ConnectWorker.class.getClassLoader(),
            new Class<?>[] {ConnectWorker.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "restUri" -> rest;
                  case "rest" -> new ConnectRest(rest);
                  case "log" -> Path.of("worker.log");
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
