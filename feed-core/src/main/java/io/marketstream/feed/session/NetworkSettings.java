package io.marketstream.feed.session;

/**
 * What stands between the worker and a feed.
 *
 * @param proxy null for the JVM's own settings
 * @param truststore null for the JVM's own authorities
 */
public record NetworkSettings(HttpProxy proxy, Truststore truststore) {

  /** As the JVM is set up. */
  public static final NetworkSettings OF_THE_JVM = new NetworkSettings(null, null);

  /** The text with every secret masked that somebody on the way could repeat to us. */
  String redact(String text) {
    return proxy == null ? text : proxy.redact(text);
  }
}
