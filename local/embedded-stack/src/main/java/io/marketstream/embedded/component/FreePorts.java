package io.marketstream.embedded.component;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds free ports on the loopback addresses of this machine. A port that this process was given is
 * not given again: components listen some time after they were given their ports.
 */
public final class FreePorts {
  private static final String LOOPBACK = "127.0.0.1";

  /**
   * All ports are below the range that operating systems give to clients. A client could otherwise
   * get the port of a component that is down, or connect to itself while it retries that port.
   */
  private static final int END = 32_768;

  /**
   * The JVMs of tests draw from other ports, {@code 16384} on, so that they get no port that a
   * program which they start is about to use.
   */
  private static final int FIRST = Integer.getInteger("marketstream.ports.from", 24_576);

  private static final int COUNT = Math.min(8_192, END - FIRST);
  private static final int MAX_TRIES = 1_000;
  private static final int CONNECT_TIMEOUT_MS = 1_000;
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePorts() {}

  /** Returns a free port of 127.0.0.1. Another process may take it before you use it. */
  public static int next() {
    return next(List.of(LOOPBACK));
  }

  /** Returns a port that is free on each of several addresses. */
  public static int next(List<String> hosts) {
    for (int i = 0; i < MAX_TRIES; i++) {
      int port = FIRST + ThreadLocalRandom.current().nextInt(COUNT);
      if (hosts.stream().allMatch(host -> isFree(host, port)) && GIVEN.add(port)) {
        return port;
      }
    }
    throw new UncheckedIOException(
        new IOException("No port is free on " + hosts + " after " + MAX_TRIES + " tries"));
  }

  /** These ports are in use soon, so {@link #next} does not return them. Any thread. */
  public static void reserve(Collection<Integer> ports) {
    GIVEN.addAll(ports);
  }

  /** {@link #isServed(String, int)} on 127.0.0.1. */
  public static boolean isServed(int port) {
    return isServed(LOOPBACK, port);
  }

  /** {@link #isFree(String, int)} on 127.0.0.1. */
  public static boolean isFree(int port) {
    return isFree(LOOPBACK, port);
  }

  /**
   * Returns whether a server accepts connections on this port now. Unlike {@link #isFree(String,
   * int)}, it never holds the port, so it may be called while a server is about to take it.
   */
  public static boolean isServed(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_TIMEOUT_MS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Returns whether a server could listen on this port of the address now. It takes the port for a
   * moment, so a server that starts meanwhile could not.
   */
  public static boolean isFree(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port), 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Returns the port that a file remembers, or a new one if another process has taken that port. A
   * component that writes its port into its data keeps the same port over restarts in this way.
   *
   * @param file where the port is stored; its folder exists
   */
  public static int rememberedIn(Path file) throws IOException {
    OptionalInt remembered = read(file);
    return remembered.isPresent() && isFree(remembered.getAsInt())
        ? remembered.getAsInt()
        : remember(file, next());
  }

  /**
   * Returns the port that all nodes of a ring share. The port stays the same, even while one of the
   * nodes uses it.
   *
   * @param file where the port is stored; its folder exists
   * @param hosts the addresses on which a new port must be free
   */
  public static int sharedIn(Path file, List<String> hosts) throws IOException {
    OptionalInt remembered = read(file);
    return remembered.isPresent() ? remembered.getAsInt() : remember(file, next(hosts));
  }

  /** Returns empty without a file, or if a full disk or a power loss left a file without a port. */
  private static OptionalInt read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return OptionalInt.empty();
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.US_ASCII);
    try {
      int port = Integer.parseInt(text.strip());
      return port > 0 && port < 65_536 ? OptionalInt.of(port) : OptionalInt.empty();
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /** Replaces the file in one step, so that a reader never sees half a port. */
  private static int remember(Path file, int port) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, Integer.toString(port));
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    return port;
  }
}
