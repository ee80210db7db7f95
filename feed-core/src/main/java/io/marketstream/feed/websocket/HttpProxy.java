package io.marketstream.feed.websocket;

import io.marketstream.feed.protocol.SecretMask;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * The address of an HTTP proxy, with the user and the password that it requires.
 *
 * @param user null if the proxy requires none; the password is then null too
 */
public record HttpProxy(String host, int port, @Nullable String user, @Nullable Password password) {

  /** The value of {@code Proxy-Authorization}; null without a user. It must not be logged. */
  @Nullable String authorization() {
    return user == null || password == null ? null : "Basic " + encoded(user, password);
  }

  /** The text with the password masked, in plain form and as it is sent. */
  String redact(String text) {
    return user == null || password == null
        ? text
        : new SecretMask(encoded(user, password), password.value()).apply(text);
  }

  private static String encoded(String user, Password password) {
    return Base64.getEncoder()
        .encodeToString((user + ":" + password.value()).getBytes(StandardCharsets.UTF_8));
  }

  /** The address without user and password, for messages. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
