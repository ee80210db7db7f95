package io.marketstream.feed.websocket;

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
import org.jspecify.annotations.Nullable;

/**
 * Why a connection could not be opened, and how long to wait before the next attempt.
 *
 * @param cause the cause of the gap
 * @param detail the text for the gap record and the log
 * @param retryAfter how long the server asks to wait; null if the backoff decides
 */
public record HandshakeFailure(GapCause cause, String detail, @Nullable Duration retryAfter) {

  /** The limit of Retry-After. No healthy server asks for more, and a timer could overflow. */
  private static final Duration MAX_RETRY_AFTER = Duration.ofDays(1);

  /**
   * Interprets the failure of a handshake.
   *
   * @param response the server's response; null if there was none
   * @param rateLimitBackoff the wait after HTTP 429 without a usable Retry-After
   */
  static HandshakeFailure of(
      Throwable error, @Nullable Response response, Duration rateLimitBackoff, Clock clock) {
    if (response == null) {
      return new HandshakeFailure(GapCause.CONNECTION_LOST, withoutResponse(error), null);
    }
    String detail =
        response.code() == 101 ? describe(error) : "HTTP " + response.code() + " at the handshake";
    return switch (response.code()) {
      case 401, 403 -> new HandshakeFailure(GapCause.UNAUTHORIZED, detail, null);
      case 429 -> {
        Duration asked = retryAfter(response, clock);
        Duration wait = asked == null ? rateLimitBackoff : asked;
        yield new HandshakeFailure(
            GapCause.RATE_LIMITED, detail + ", next attempt in " + wait.toSeconds() + " s", wait);
      }
      default -> new HandshakeFailure(GapCause.CONNECTION_LOST, detail, null);
    };
  }

  /** Describes the error, and says what to do if it is about the proxy or about TLS. */
  static String withoutResponse(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProxyException) {
        return Objects.requireNonNull(cause.getMessage(), "a ProxyException has a message");
      }
      if (cause instanceof SSLPeerUnverifiedException) {
        return "the server's certificate is for another host: check the URL ("
            + NetworkConfig.TRUSTSTORE_LOCATION
            + " does not help here). "
            + cause.getMessage();
      }
      if (cause instanceof CertificateException) {
        return "the server's certificate is not accepted: if its authority is your own or your proxy's,"
            + " set "
            + NetworkConfig.TRUSTSTORE_LOCATION
            + " to a truststore that contains it. "
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

  /** The simple class name of the error, and its message. */
  static String describe(Throwable error) {
    String message = error.getMessage();
    return message == null
        ? error.getClass().getSimpleName()
        : error.getClass().getSimpleName() + ": " + message;
  }

  /**
   * Parses seconds or an HTTP date, up to {@link #MAX_RETRY_AFTER}.
   *
   * @return null without a usable header
   */
  static @Nullable Duration retryAfter(Response response, Clock clock) {
    String header = response.header("Retry-After");
    if (header == null) {
      return null;
    }
    try {
      return bounded(Duration.ofSeconds(Long.parseLong(header.trim())));
    } catch (NumberFormatException notSeconds) {
      try {
        // The server's clock set the date, and our clock may differ by an hour.
        Instant now =
            Objects.requireNonNullElseGet(response.headers().getInstant("Date"), clock::instant);
        ZonedDateTime at = ZonedDateTime.parse(header.trim(), DateTimeFormatter.RFC_1123_DATE_TIME);
        return bounded(Duration.between(now, at.toInstant()));
      } catch (DateTimeParseException neither) {
        return null;
      }
    }
  }

  private static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : wait;
  }
}
