package io.marketstream.feed.session;

import java.io.IOException;

/** It was the proxy that failed, not the feed. The message says what to do and quotes nobody. */
final class ProxyException extends IOException {

  private static final long serialVersionUID = 1L;

  ProxyException(String message) {
    super(message);
  }

  ProxyException(String message, IOException cause) {
    super(message, cause);
  }
}
