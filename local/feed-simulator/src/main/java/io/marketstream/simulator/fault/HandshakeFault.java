package io.marketstream.simulator.fault;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A fault at a handshake, instead of the switch to the websocket protocol. */
public sealed interface HandshakeFault {

  /** The date format of RFC 9110. Java's RFC 1123 format writes days with one digit. */
  DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  /**
   * The handshake is answered with a plain HTTP response.
   *
   * @param status 200, 401, 403, 429, 5xx …
   * @param retryAfter the Retry-After header's value; null for none
   */
  record Status(int status, @Nullable String retryAfter) implements HandshakeFault {}

  /** The server does not answer for this time. Then the handshake continues normally. */
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

  /** A response with the number of seconds to wait. */
  static HandshakeFault status(int status, Duration retryAfter) {
    return new Status(status, Long.toString(retryAfter.toSeconds()));
  }

  /** A response with a time for the next attempt, as an HTTP date. */
  static HandshakeFault status(int status, Instant retryAt) {
    return new Status(status, HTTP_DATE.format(retryAt));
  }

  /** A server that does not answer for this time. */
  static HandshakeFault hang(Duration duration) {
    return new Hang(duration);
  }

  /** A server that closes the TCP connection instead of answering. */
  static HandshakeFault drop() {
    return new Drop();
  }
}
