package io.marketstream.feed.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/** Validators whose messages say what a right value is. They touch no network. */
public final class Checks {

  private static final Pattern SOURCE_NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
  private static final Pattern CREDENTIAL_PARAMETER =
      Pattern.compile("(?i)(^|&)(token|api_?key|key|auth|secret)=");

  private Checks() {}

  /** A validator from a function that returns what is wrong with a value, or null. */
  public static ConfigDef.Validator check(String rightValue, Function<Object, String> complaint) {
    return new ConfigDef.Validator() {
      @Override
      public void ensureValid(String name, Object value) {
        String wrong = complaint.apply(value);
        if (wrong != null) {
          // Never the value: it may be a secret. The framework names the key.
          throw new ConfigException(name + ": " + wrong);
        }
      }

      @Override
      public String toString() {
        return rightValue;
      }
    };
  }

  public static ConfigDef.Validator sourceName() {
    return check(
        SOURCE_NAME.pattern(),
        value ->
            value != null && SOURCE_NAME.matcher((String) value).matches()
                ? null
                : "must be lower-case letters, digits and hyphens, a letter first, at most 32 characters");
  }

  public static ConfigDef.Validator topic() {
    return check(
        "a Kafka topic name",
        value ->
            value != null
                    && TOPIC.matcher((String) value).matches()
                    && !value.equals(".")
                    && !value.equals("..")
                ? null
                : "must be a topic name: 1 to 249 letters, digits, dots, underscores or hyphens");
  }

  /**
   * A credential that was given, and given resolved.
   *
   * @param environmentVariable the one to suggest
   */
  public static ConfigDef.Validator credential(String environmentVariable) {
    return check(
        "not empty",
        value -> {
          String secret = value == null ? "" : ((Password) value).value();
          if (secret == null || secret.isBlank()) {
            return "must not be empty. To keep it out of the configuration give ${env:"
                + environmentVariable
                + "}";
          }
          if (secret.startsWith("${")) {
            return "is a reference that the worker did not resolve. Set config.providers and"
                + " config.providers.<name>.class in the worker's properties, and the variable or file that it names";
          }
          return secret.equals(secret.strip()) ? null : "must not begin or end with white space";
        });
  }

  /** A websocket URL without a credential in it. */
  public static ConfigDef.Validator websocketUrl() {
    return check("a ws:// or wss:// URL without a credential", Checks::websocketUrlComplaint);
  }

  private static String websocketUrlComplaint(Object value) {
    URI uri;
    try {
      uri = new URI(value == null ? "" : (String) value);
    } catch (URISyntaxException e) {
      return "is not a URL (" + e.getReason() + ")";
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("wss") && !scheme.equals("ws")) {
      return "must begin with wss:// (or ws:// for a feed on a trusted network)";
    }
    if (uri.getHost() == null) {
      return "has no host";
    }
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      return "has a port beyond 65535";
    }
    if (uri.getUserInfo() != null
        || (uri.getRawQuery() != null && CREDENTIAL_PARAMETER.matcher(uri.getRawQuery()).find())) {
      return "must not carry a credential: give it under its own key, where it is kept secret";
    }
    return uri.getFragment() == null ? null : "must not have a fragment";
  }
}
