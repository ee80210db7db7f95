package io.marketstream.feed.websocket;

import java.io.IOException;

/**
 * The proxy failed, not the feed. The message says what to do, and quotes nothing that the proxy
 * sent.
 */
final class ProxyException extends IOException {

  private static final long serialVersionUID = 1L;

  ProxyException(String message) {
    super(message);
  }

  ProxyException(String message, IOException cause) {
    super(message, cause);
  }
}
