package io.marketstream.feed.websocket;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request to a feed's REST API has failed. The message has no secrets. */
public final class RestException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int FORBIDDEN = 403;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;

  private final boolean ofRequest;
  private final transient @Nullable Duration retryAfter;

  private RestException(String message, boolean ofRequest, @Nullable Duration retryAfter) {
    super(message);
    this.ofRequest = ofRequest;
    this.retryAfter = retryAfter;
  }

  /**
   * The server has answered with another status than 200.
   *
   * @param retryAfter how long the server asks to wait; null if it does not say
   */
  static RestException ofStatus(int status, @Nullable Duration retryAfter) {
    boolean refused =
        status >= 400
            && status < 500
            && status != FORBIDDEN // the server refuses the client, whatever it asks for
            && status != REQUEST_TIMEOUT
            && status != TOO_MANY_REQUESTS;
    return new RestException("HTTP " + status, refused, retryAfter);
  }

  /** There was no answer. */
  public static RestException noAnswer(String message) {
    return new RestException(message, false, null);
  }

  /** The answer to this request cannot be used. */
  public static RestException unusable(String message) {
    return new RestException(message, true, null);
  }

  /** How long the server asks to wait; null if it does not say. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /**
   * Whether the failure belongs to this very request, so that another one may still succeed.
   * Otherwise the server is away, too busy, or asks for fewer requests.
   */
  public boolean isOfRequest() {
    return ofRequest;
  }
}
