package io.marketstream.embedded.component;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of this machine's loopback addresses. */
public final class FreePorts {
  /**
   * Below the ports that systems give to clients. There another client may have the port of a
   * component that is down for a while; and one that tries again and again to reach it is given the
   * port itself one day, and talks to itself.
   */
  private static final int FIRST = 16_384;

  private static final int LAST = 32_767;
  private static final int TRIES = 1_000;

  private FreePorts() {}

  /** A port that nobody has on 127.0.0.1. Another process may take it before it is used. */
  public static int next() {
    return next(List.of("127.0.0.1"));
  }

  /** The same on each of several addresses. */
  public static int next(List<String> hosts) {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
      if (hosts.stream().allMatch(host -> isFree(host, port))) {
        return port;
      }
    }
    throw new UncheckedIOException(new IOException("No free port on " + hosts));
  }

  /** Whether a server could be started on the port of 127.0.0.1 now. */
  public static boolean isFree(int port) {
    return isFree("127.0.0.1", port);
  }

  /** Whether a server could be started on the port of an address now. */
  public static boolean isFree(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port), 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
