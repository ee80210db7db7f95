package io.marketstream.auditor.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that never end, and answers that are too long. */
@Timeout(60)
class SlowVenueTest {
  private final CountDownLatch isOver = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    isOver.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void aBodyThatStallsIsGivenUp() {
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('[');
          exchange.getResponseBody().flush();
          try {
            isOver.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });

    assertThatThrownBy(() -> client(Duration.ofMillis(200)).trades("BTC-USD", 9))
        .isInstanceOf(VenueException.class)
        .hasMessageContaining("does not answer: no whole answer within 200 ms (tried 3 times)");
  }

  @Test
  void theRestOfALongBodyIsNotRead() {
    byte[] part = " ".repeat(65_536).getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          while (isOver.getCount() > 0) {
            exchange.getResponseBody().write(part);
          }
        });

    assertThatThrownBy(() -> client(Duration.ofSeconds(50)).trades("BTC-USD", 9))
        .isInstanceOf(VenueException.class)
        .satisfies(
            thrown -> assertThat(thrown.getMessage()).contains("does not answer with a list"));
  }

  private VenueClient client(Duration timeout) {
    URI root = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    RequestPace pace = new RequestPace(System::nanoTime, wait -> {}, 1_000);
    return new VenueClient(root, pace, 100, timeout);
  }
}
