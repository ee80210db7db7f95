package io.marketstream.local.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Where the three servers of a local pipeline listen on 127.0.0.1. */
public record LocalPorts(int kafka, int connect, int cassandra) {

  /** The environment variable that chooses others: {@code KAFKA,CONNECT,CASSANDRA}. */
  public static final String VARIABLE = "MARKET_STREAM_PORTS";

  /** The ports that everybody knows these servers by. */
  public static final LocalPorts STANDARD = new LocalPorts(9092, 8083, 9042);

  /**
   * @throws UserError if the variable is set and is not three ports
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
      throw new UserError(complaint(given), e);
    }
    throw new UserError(complaint(given));
  }

  private static String complaint(String given) {
    return VARIABLE
        + "="
        + given
        + " is not three ports: give KAFKA,CONNECT,CASSANDRA, as in 9092,8083,9042";
  }

  /** By the name of what listens there, in the order of messages. */
  Map<String, Integer> byName() {
    Map<String, Integer> ports = new LinkedHashMap<>();
    ports.put("Kafka", kafka);
    ports.put("Kafka Connect", connect);
    ports.put("Cassandra", cassandra);
    return ports;
  }
}
