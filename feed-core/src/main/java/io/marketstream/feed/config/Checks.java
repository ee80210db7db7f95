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
      Pattern.compile("(?i)(^|&)([a-z]*[_-]?token|api[_-]?key|key|auth|secret|password)=");

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
          return secret == null || secret.isBlank()
              ? "must not be empty. To keep it out of the configuration give ${env:"
                  + environmentVariable
                  + "}"
              : unusable(secret);
        });
  }

  /** A password that may be absent; given, it is given resolved. */
  public static ConfigDef.Validator optionalPassword() {
    return check(
        "empty, or the password",
        value -> value == null ? null : unusable(((Password) value).value()));
  }

  /** A user name for HTTP's Basic authentication; empty for none. */
  public static ConfigDef.Validator optionalUser() {
    return check(
        "empty, or a name without a colon",
        value -> {
          String user = value == null ? "" : (String) value;
          return user.contains(":") && !user.startsWith("${")
              ? "must not contain a colon: what follows it would be taken for the password"
              : unusable(user);
        });
  }

  /**
   * A file on the worker that will run the task, which need not be the one that validates; empty
   * for none.
   */
  public static ConfigDef.Validator optionalFile() {
    return check(
        "empty, or a path on the worker",
        value -> {
          String path = value == null ? "" : (String) value;
          return path.indexOf('\0') >= 0 ? "is not a path" : unusable(path);
        });
  }

  private static String unusable(String value) {
    if (value == null) {
      return null;
    }
    if (value.startsWith("${")) {
      return "is a reference that the worker did not resolve. Set config.providers and"
          + " config.providers.<name>.class in the worker's properties, and the variable or file that it names";
    }
    return value.equals(value.strip()) ? null : "must not begin or end with white space";
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
    String scheme = scheme(uri);
    if (!scheme.equals("wss") && !scheme.equals("ws")) {
      return "must begin with wss:// (or ws:// for a feed on a trusted network)";
    }
    if (uri.getHost() == null) {
      return "has no host";
    }
    if (portIsBeyond(uri)) {
      return "has a port beyond 65535";
    }
    if (uri.getUserInfo() != null
        || (uri.getRawQuery() != null && CREDENTIAL_PARAMETER.matcher(uri.getRawQuery()).find())) {
      return "must not carry a credential: give it under its own key, where it is kept secret";
    }
    return uri.getFragment() == null ? null : "must not have a fragment";
  }

  /** The address of an HTTP proxy, without a credential in it; empty for none. */
  public static ConfigDef.Validator optionalProxyUrl() {
    return check("empty, or http://host:port", Checks::proxyUrlComplaint);
  }

  private static String proxyUrlComplaint(Object value) {
    if (value == null || ((String) value).isEmpty()) {
      return null;
    }
    String unusable = unusable((String) value);
    if (unusable != null) {
      return unusable;
    }
    URI uri;
    try {
      uri = new URI((String) value);
    } catch (URISyntaxException e) {
      return "must be http://host:port (" + e.getReason() + ")";
    }
    if (!scheme(uri).equals("http")) {
      return "must begin with http://, as in http://host:port: the proxy is asked in plain HTTP,"
          + " and TLS with the feed goes through it";
    }
    // An authority that is no host and port is where a password with odd characters would stand.
    if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
      return "must not carry a credential: give it in proxy.user and proxy.password";
    }
    if (uri.getHost() == null) {
      return "must name a host, as in http://host:port";
    }
    if (uri.getPort() == -1) {
      return "must name the port, as in http://host:port: proxies have no usual one";
    }
    if (portIsBeyond(uri)) {
      return "has a port beyond 65535";
    }
    return (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null
        ? null
        : "must end after the port, as in http://host:port";
  }

  private static String scheme(URI uri) {
    return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
  }

  private static boolean portIsBeyond(URI uri) {
    return uri.getPort() == 0 || uri.getPort() > 65_535;
  }
}
