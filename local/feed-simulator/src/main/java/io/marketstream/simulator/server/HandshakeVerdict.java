package io.marketstream.simulator.server;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a feed answers to a handshake. */
public sealed interface HandshakeVerdict {

  /**
   * The connection is accepted.
   *
   * @param credential the key of the connection; null if the key is wrong, and the feed accepts the
   *     connection only to say so
   * @param subscriptions the symbols to which the URL subscribes
   */
  record Accepted(@Nullable String credential, Set<String> subscriptions)
      implements HandshakeVerdict {}

  /**
   * The handshake is refused with a plain HTTP response.
   *
   * @param status the HTTP status
   * @param body the text of the response; may be empty
   */
  record Refused(int status, String body) implements HandshakeVerdict {}
}
