package io.marketstream.embedded.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortsTest {

  /** Of 1,000 random ports of this range, some 60 would be the same. */
  @Test
  void noPortIsGivenTwice() {
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      assertThat(given.add(FreePorts.next())).isTrue();
    }
  }

  @Test
  void aServedPortIsNotFree() throws IOException {
    int port = FreePorts.next();
    assertThat(FreePorts.isServed(port)).isFalse();
    assertThat(FreePorts.isFree(port)).isTrue();
    try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(FreePorts.isServed(server.getLocalPort())).isTrue();
      assertThat(FreePorts.isFree(port)).isFalse();
    }
    assertThat(FreePorts.isServed(port)).isFalse();
  }

  /** A look at a port that takes it would now and then keep the server from starting. */
  @Test
  void aServerCanStartWhileItsPortIsWatched() throws Exception {
    int port = FreePorts.next();
    AtomicBoolean isOver = new AtomicBoolean();
    Thread watcher =
        new Thread(
            () -> {
              while (!isOver.get()) {
                FreePorts.isServed(port);
              }
            });
    watcher.start();
    try {
      for (int i = 0; i < 500; i++) {
        try (ServerSocket server = new ServerSocket()) {
          server.setReuseAddress(true);
          server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        }
      }
    } finally {
      isOver.set(true);
      watcher.join();
    }
  }

  @Test
  void aReservedPortIsNotGiven() {
    List<Integer> half = IntStream.range(16_384, 20_480).boxed().toList();
    FreePorts.reserve(half);
    for (int i = 0; i < 100; i++) {
      assertThat(FreePorts.next()).as("a port of tests").isBetween(20_480, 24_575);
    }
  }
}
