package io.marketstream.api.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * The ports of a running {@code ./market-stream up}, on 127.0.0.1. It writes them into the file
 * {@code running} of its data folder, which exists while it runs.
 */
record LocalPipeline(int kafka, int connect, int cassandra) {
  private static final LocalPipeline STANDARD = new LocalPipeline(9092, 8083, 9042);
  private static final String FILE = "running";
  private static final int MAX_PORT = 65_535;

  /**
   * Finds the ports.
   *
   * @param isNamed whether somebody has chosen this folder; otherwise the environment and the
   *     standard ports follow if nothing runs there
   * @param environment {@code KAFKA,CONNECT,CASSANDRA}
   * @throws IllegalArgumentException if nothing runs in the named folder, or the ports are wrong
   */
  static LocalPipeline of(Path dataDir, boolean isNamed, Optional<String> environment) {
    Properties running = new Properties();
    try (Reader file = Files.newBufferedReader(dataDir.resolve(FILE))) {
      running.load(file);
    } catch (IOException e) {
      if (isNamed) {
        throw new IllegalArgumentException("no ./market-stream up runs on " + dataDir, e);
      }
    }
    if (running.containsKey("kafka")) {
      return of(
          running.getProperty("kafka"),
          running.getProperty("connect", ""),
          running.getProperty("cassandra", ""),
          dataDir.resolve(FILE).toString());
    }
    if (environment.isEmpty() || environment.get().isBlank()) {
      return STANDARD;
    }
    String[] ports = environment.get().split(",", -1);
    return of(
        ports[0],
        ports.length == 3 ? ports[1] : "",
        ports.length == 3 ? ports[2] : "",
        "MARKET_STREAM_PORTS");
  }

  private static LocalPipeline of(String kafka, String connect, String cassandra, String where) {
    return new LocalPipeline(port(kafka, where), port(connect, where), port(cassandra, where));
  }

  private static int port(String text, String where) {
    try {
      int port = Integer.parseInt(text.strip());
      if (port > 0 && port <= MAX_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(where + " does not name three ports");
  }
}
