package io.marketstream.simulator.server;

import java.util.Map;
import java.util.TreeMap;

/**
 * One handshake request that reached the server, accepted or not.
 *
 * @param atMs Unix milliseconds
 * @param path the request's path
 * @param query the decoded query parameters, including the key in plain text
 * @param headers the request's headers, names in lower case, the first value of each
 * @param status the HTTP status of the answer; 101 means that it became a connection
 */
public record HandshakeAttempt(
    long atMs, String path, Map<String, String> query, Map<String, String> headers, int status) {

  private static final String REDACTED = "***";

  public HandshakeAttempt {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  HandshakeAttempt answeredWith(int newStatus) {
    return new HandshakeAttempt(atMs, path, query, headers, newStatus);
  }

  /** The attempt without its credentials. */
  @Override
  public String toString() {
    return "HandshakeAttempt[atMs="
        + atMs
        + ", path="
        + path
        + ", query="
        + redacted(query)
        + ", headers="
        + redacted(headers)
        + ", status="
        + status
        + "]";
  }

  private static Map<String, String> redacted(Map<String, String> values) {
    Map<String, String> copy = new TreeMap<>(values);
    copy.replaceAll((name, value) -> isSecret(name) ? REDACTED : value);
    return copy;
  }

  private static boolean isSecret(String name) {
    return name.equalsIgnoreCase("token")
        || name.equalsIgnoreCase("apiKey")
        || name.equalsIgnoreCase("authorization")
        || name.equalsIgnoreCase("x-finnhub-token");
  }
}
