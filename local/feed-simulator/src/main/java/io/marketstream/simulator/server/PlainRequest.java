package io.marketstream.simulator.server;

import java.util.Map;

/**
 * An HTTP request to a simulator that is not a websocket handshake.
 *
 * @param method GET, POST …
 * @param path the decoded path
 * @param query the decoded query parameters
 * @param headers names in lower case, the first value of each
 */
public record PlainRequest(
    String method, String path, Map<String, String> query, Map<String, String> headers) {

  public PlainRequest {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }
}
