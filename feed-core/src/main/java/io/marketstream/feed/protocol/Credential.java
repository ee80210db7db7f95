package io.marketstream.feed.protocol;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The secret key of a feed. It appears only in the URL of a connection. Immutable. */
public final class Credential {

  private final String configKey;
  private final String secret;
  private final SecretMask mask;

  /**
   * @param configKey the configuration key that holds it
   * @param secret not empty
   */
  public Credential(String configKey, String secret) {
    this.configKey = configKey;
    this.secret = secret;
    this.mask = new SecretMask(secret);
  }

  /** The configuration key that holds the secret, for messages. */
  public String configKey() {
    return configKey;
  }

  /** The URL with the secret as a query parameter. It must not be logged. */
  public String in(String url, String parameter) {
    return url
        + (url.contains("?") ? "&" : "?")
        + parameter
        + "="
        + URLEncoder.encode(secret, StandardCharsets.UTF_8);
  }

  /** Masks the secret in a text, whole or in pieces, in every spelling of {@link SecretMask}. */
  public String redact(String text) {
    return mask.apply(text);
  }

  @Override
  public String toString() {
    return configKey + "=***";
  }
}
