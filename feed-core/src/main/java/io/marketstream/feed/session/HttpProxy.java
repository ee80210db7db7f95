package io.marketstream.feed.session;

import io.marketstream.feed.protocol.SecretMask;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.kafka.common.config.types.Password;

/**
 * An HTTP proxy through which the feed is reached, and who we are to it.
 *
 * @param user null where the proxy asks for none; the password then too
 */
public record HttpProxy(String host, int port, String user, Password password) {

  /** The value of {@code Proxy-Authorization}, never to be logged; null without a user. */
  String authorization() {
    return user == null ? null : "Basic " + encoded();
  }

  /** The text with the password masked, plain or as it is sent. */
  String redact(String text) {
    return user == null ? text : new SecretMask(encoded(), password.value()).apply(text);
  }

  private String encoded() {
    return Base64.getEncoder()
        .encodeToString((user + ":" + password.value()).getBytes(StandardCharsets.UTF_8));
  }

  /** For messages: where it is, and nothing of who we are. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
