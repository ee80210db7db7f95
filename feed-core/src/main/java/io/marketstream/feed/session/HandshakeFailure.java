package io.marketstream.feed.session;

import io.marketstream.model.GapCause;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Response;

/**
 * Why a connection could not be opened, and what follows from it.
 *
 * @param cause the cause of the gap
 * @param detail the words for the ledger and the log, free of secrets
 * @param retryAfter how long the server asks us to wait; null where the backoff decides
 */
record HandshakeFailure(GapCause cause, String detail, Duration retryAfter) {

  /** What no server that is well asks for: a timer would overflow on some of the rest. */
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  /**
   * @param response the server's answer; null where there was none
   * @param rateLimitWait the wait after a 429 that names none
   */
  static HandshakeFailure of(
      Throwable error, Response response, Duration rateLimitWait, Clock clock) {
    if (response == null) {
      return new HandshakeFailure(GapCause.CONNECTION_LOST, withoutAnswer(error), null);
    }
    String detail =
        response.code() == 101 ? describe(error) : "HTTP " + response.code() + " at the handshake";
    return switch (response.code()) {
      case 401, 403 -> new HandshakeFailure(GapCause.UNAUTHORIZED, detail, null);
      case 429 -> {
        Duration wait = retryAfter(response, rateLimitWait, clock);
        yield new HandshakeFailure(
            GapCause.RATE_LIMITED, detail + ", next attempt in " + wait.toSeconds() + " s", wait);
      }
      default -> new HandshakeFailure(GapCause.CONNECTION_LOST, detail, null);
    };
  }

  /** Says what to do where the operator can do something: about the proxy and about TLS. */
  private static String withoutAnswer(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProxyException) {
        return cause.getMessage();
      }
      if (cause instanceof SSLPeerUnverifiedException) {
        return "the server's certificate is for another host: check the websocket URL"
            + " (ssl.truststore.location does not help here). "
            + cause.getMessage();
      }
      if (cause instanceof CertificateException) {
        return "the server's certificate is not accepted: if its authority is your own, or your proxy's,"
            + " name a truststore that holds it in ssl.truststore.location. "
            + describe(root(cause));
      }
    }
    return describe(error);
  }

  private static Throwable root(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  static String describe(Throwable error) {
    String message = error.getMessage();
    return message == null
        ? error.getClass().getSimpleName()
        : error.getClass().getSimpleName() + ": " + message;
  }

  /** Seconds or an HTTP date, at most {@link #LONGEST_WAIT}; anything else counts as absent. */
  private static Duration retryAfter(Response response, Duration otherwise, Clock clock) {
    String header = response.header("Retry-After");
    if (header == null) {
      return otherwise;
    }
    try {
      return bounded(Duration.ofSeconds(Long.parseLong(header.trim())));
    } catch (NumberFormatException notSeconds) {
      try {
        // The date is by the server's clock, and ours may be an hour away from it.
        Instant now =
            Objects.requireNonNullElseGet(response.headers().getInstant("Date"), clock::instant);
        ZonedDateTime at = ZonedDateTime.parse(header.trim(), DateTimeFormatter.RFC_1123_DATE_TIME);
        return bounded(Duration.between(now, at.toInstant()));
      } catch (DateTimeParseException neither) {
        return otherwise;
      }
    }
  }

  private static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }
}
