package io.marketstream.feed.protocol;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * A secret that opens a feed. It shows itself nowhere but in the URL of a connection.
 *
 * @param configKey the configuration key that holds it
 */
public record Credential(String configKey, String secret) {

  private static final String MASK = "***";

  /** The URL with the query parameter appended, the secret as its value. Never to be logged. */
  public String in(String url, String parameter) {
    return url + (url.contains("?") ? "&" : "?") + parameter + "=" + encoded();
  }

  /** The text with the secret masked, plain or URL-encoded. */
  public String redact(String text) {
    return text.replace(secret, MASK).replace(encoded(), MASK);
  }

  private String encoded() {
    return URLEncoder.encode(secret, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return configKey + "=" + MASK;
  }
}
