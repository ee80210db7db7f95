package io.marketstream.feed.websocket;

import org.jspecify.annotations.Nullable;

/**
 * The proxy and the truststore of a connection.
 *
 * @param proxy null for the settings of the JVM
 * @param truststore null for the authorities of the JVM
 */
public record NetworkSettings(@Nullable HttpProxy proxy, @Nullable Truststore truststore) {

  /** The proxy and the authorities of the JVM. */
  public static final NetworkSettings JVM_DEFAULTS = new NetworkSettings(null, null);

  /** The text with the secrets of the proxy masked, which the proxy might send back. */
  public String redact(String text) {
    return proxy == null ? text : proxy.redact(text);
  }
}
