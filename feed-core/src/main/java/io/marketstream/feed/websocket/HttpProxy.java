package io.marketstream.feed.websocket;

import io.marketstream.feed.protocol.SecretMask;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.kafka.common.config.types.Password;

/**
 * The address of an HTTP proxy, with the user and the password that it requires.
 *
 * @param user null if the proxy requires none; the password is then null too
 */
public record HttpProxy(String host, int port, String user, Password password) {

  /** The value of {@code Proxy-Authorization}; null without a user. It must not be logged. */
  String authorization() {
    return user == null ? null : "Basic " + encoded();
  }

  /** The text with the password masked, in plain form and as it is sent. */
  String redact(String text) {
    return user == null ? text : new SecretMask(encoded(), password.value()).apply(text);
  }

  private String encoded() {
    return Base64.getEncoder()
        .encodeToString((user + ":" + password.value()).getBytes(StandardCharsets.UTF_8));
  }

  /** The address without user and password, for messages. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
