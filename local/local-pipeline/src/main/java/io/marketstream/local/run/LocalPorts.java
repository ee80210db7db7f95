package io.marketstream.local.run;

import io.marketstream.embedded.component.FreePorts;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The ports of the three servers of a local pipeline, on 127.0.0.1. The HTTP API gets one that is
 * free.
 */
public record LocalPorts(int kafka, int connect, int cassandra) {

  private static final int USUAL_API_PORT = 8080;
  private static final Duration POLL_INTERVAL = Duration.ofMillis(250);

  /** The environment variable that chooses others: {@code KAFKA,CONNECT,CASSANDRA}. */
  public static final String VARIABLE = "MARKET_STREAM_PORTS";

  /** The default ports of these servers. */
  public static final LocalPorts STANDARD = new LocalPorts(9092, 8083, 9042);

  /**
   * Reads the ports from the environment. Returns the standard ports if the variable is not set.
   *
   * @throws UsageException if the value is not three ports
   */
  public static LocalPorts of(Map<String, String> environment) {
    String given = environment.get(VARIABLE);
    if (given == null || given.isBlank()) {
      return STANDARD;
    }
    try {
      List<Integer> ports =
          Stream.of(given.split(",", -1)).map(String::strip).map(Integer::valueOf).toList();
      if (ports.size() == 3 && ports.stream().allMatch(port -> port > 0 && port < 65_536)) {
        return new LocalPorts(ports.get(0), ports.get(1), ports.get(2));
      }
    } catch (NumberFormatException e) {
      throw new UsageException(complaint(given), e);
    }
    throw new UsageException(complaint(given));
  }

  /** Returns the usual port of the API if these are the standard ports and it is free. */
  int apiPort() {
    FreePorts.reserve(List.of(kafka, connect, cassandra));
    return equals(STANDARD) && FreePorts.isFree(USUAL_API_PORT) ? USUAL_API_PORT : FreePorts.next();
  }

  private static String complaint(String given) {
    return VARIABLE
        + "="
        + given
        + " is not three ports: give KAFKA,CONNECT,CASSANDRA, as in 9092,8083,9042";
  }

  /**
   * Checks that all three ports are free.
   *
   * @param afterKill whether the last run was killed; its components may still be ending, so this
   *     waits for them
   * @param shutdown ends the wait
   * @throws UsageException naming the first port that is taken
   */
  void requireFree(boolean afterKill, ShutdownSignal shutdown) {
    long end = System.nanoTime() + (afterKill ? LeftoverProcesses.TIMEOUT.toNanos() : 0);
    Optional<Map.Entry<String, Integer>> taken = taken();
    while (taken.isPresent() && System.nanoTime() < end && !shutdown.await(POLL_INTERVAL)) {
      taken = taken();
    }
    taken.ifPresent(
        entry -> {
          throw new UsageException(
              "Port "
                  + entry.getValue()
                  + ", which "
                  + entry.getKey()
                  + " needs, is taken. End what listens on 127.0.0.1:"
                  + entry.getValue()
                  + " (lsof -i :"
                  + entry.getValue()
                  + " names it)");
        });
  }

  private Optional<Map.Entry<String, Integer>> taken() {
    return byName().entrySet().stream()
        .filter(entry -> !FreePorts.isFree(entry.getValue()))
        .findFirst();
  }

  /** Returns the ports by the name of the server, in the order in which they are checked. */
  private Map<String, Integer> byName() {
    Map<String, Integer> ports = new LinkedHashMap<>();
    ports.put("Kafka", kafka);
    ports.put("Kafka Connect", connect);
    ports.put("Cassandra", cassandra);
    return ports;
  }
}
