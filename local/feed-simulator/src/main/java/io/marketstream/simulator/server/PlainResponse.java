package io.marketstream.simulator.server;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * The answer to a {@link PlainRequest}.
 *
 * @param status the HTTP status
 * @param contentType the media type of the body
 * @param headers further headers
 * @param body the text of the response
 * @param delay how long the server waits before it answers
 */
public record PlainResponse(
    int status, String contentType, Map<String, String> headers, String body, Duration delay) {

  public PlainResponse {
    Objects.requireNonNull(contentType, "contentType");
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(delay, "delay");
    headers = Map.copyOf(headers);
  }

  /** A JSON answer without delay and without further headers. */
  public static PlainResponse json(int status, String body) {
    return new PlainResponse(status, "application/json", Map.of(), body, Duration.ZERO);
  }
}
