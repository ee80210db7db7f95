package io.marketstream.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;

/** What goes wrong at a handshake instead of the switch to the websocket protocol. */
public sealed interface HandshakeFault {

  /**
   * The handshake is answered with a plain HTTP response.
   *
   * @param status 200, 401, 403, 429, 5xx …
   * @param retryAfter the Retry-After header's value; null for none
   */
  record Status(int status, String retryAfter) implements HandshakeFault {}

  /** Nothing is answered for this long; then the handshake goes on as if nothing had been. */
  record Hang(Duration duration) implements HandshakeFault {
    public Hang {
      Objects.requireNonNull(duration, "duration");
    }
  }

  /** The TCP connection is closed without a response. */
  record Drop() implements HandshakeFault {}

  /** A response without Retry-After. */
  static HandshakeFault status(int status) {
    return new Status(status, null);
  }

  /** A 429 that names the seconds to wait. */
  static HandshakeFault tooManyRequests(Duration retryAfter) {
    return new Status(429, Long.toString(retryAfter.toSeconds()));
  }

  /** A 429 that names the moment, to the second, as an HTTP date. */
  static HandshakeFault tooManyRequests(Instant retryAt) {
    return new Status(
        429, DateTimeFormatter.RFC_1123_DATE_TIME.format(retryAt.atZone(ZoneOffset.UTC)));
  }

  /** A server that is unwell. */
  static HandshakeFault hang(Duration duration) {
    return new Hang(duration);
  }
}
