package io.marketstream.feed.config;

import io.marketstream.model.Limits;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * Validators for configuration values. Their messages say what a valid value is, and never repeat
 * the value, which may be a secret. No validator uses the network.
 */
public final class ConfigValidators {

  private static final Pattern SOURCE_NAME = Pattern.compile(Limits.SOURCE_PATTERN);
  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
  private static final Pattern CREDENTIAL_PARAMETER =
      Pattern.compile(
          "(?i)(^|[&;])([a-z0-9_.-]*(token|secret|password|passwd|signature|credentials?|jwt|bearer)"
              + "|([a-z0-9]+[_.-])*(key|auth|authorization|pass|pwd|sig)"
              + "|(api|app|access|account|client|private|subscription|user)key)=");
  private static final Pattern BARE_IPV6 = Pattern.compile("\\[?[0-9A-Fa-f]*:[0-9A-Fa-f.]*:.*");
  private static final String IPV6_FEED = "wss://[::1]:8080";

  private ConfigValidators() {}

  /**
   * Makes a validator from a function.
   *
   * @param validValue what a valid value is, for the documentation
   * @param problem what is wrong with a value; returns null if it is valid
   */
  public static ConfigDef.Validator check(
      String validValue, Function<@Nullable Object, @Nullable String> problem) {
    return new ConfigDef.Validator() {
      @Override
      public void ensureValid(String name, @Nullable Object value) {
        String wrong = problem.apply(value);
        if (wrong != null) {
          // Never the value: it may be a secret. The framework names the key.
          throw new ConfigException(name + ": " + wrong);
        }
      }

      @Override
      public String toString() {
        return validValue;
      }
    };
  }

  /** A boolean. Its type allows nothing else. */
  public static ConfigDef.Validator trueOrFalse() {
    return check("true or false", value -> null);
  }

  /** A time in milliseconds between two bounds, both inclusive. */
  public static ConfigDef.Validator millisBetween(long minMs, Duration max) {
    return ConfigDef.Range.between(minMs, max.toMillis());
  }

  /** The name of a source. */
  public static ConfigDef.Validator sourceName() {
    return check(
        SOURCE_NAME.pattern(),
        value ->
            value != null && SOURCE_NAME.matcher((String) value).matches()
                ? null
                : textProblemOr(
                    value,
                    "must be lower-case letters, digits and hyphens, a letter first, at most 32 characters"));
  }

  /** The name of a Kafka topic. */
  public static ConfigDef.Validator topic() {
    return check(
        "a Kafka topic name",
        value ->
            value != null
                    && TOPIC.matcher((String) value).matches()
                    && !value.equals(".")
                    && !value.equals("..")
                ? null
                : textProblemOr(
                    value,
                    "must be a topic name: 1 to 249 letters, digits, dots, underscores or hyphens"));
  }

  /** What is wrong with the value as a text; if nothing is, {@code otherwise}. */
  private static String textProblemOr(@Nullable Object value, String otherwise) {
    String problem = value == null ? null : TextRules.problem((String) value);
    return problem == null ? otherwise : problem;
  }

  /**
   * A credential that is not empty, and not an unresolved reference.
   *
   * @param environmentVariable the name of the variable that the message suggests
   */
  public static ConfigDef.Validator credential(String environmentVariable) {
    return check(
        "not empty",
        value -> {
          String secret = value == null ? "" : ((Password) value).value();
          return secret == null || secret.isBlank()
              ? "must not be empty. To keep it out of the configuration, set ${env:"
                  + environmentVariable
                  + "}"
              : TextRules.problem(secret);
        });
  }

  /** A password that may be absent. If it is set, it must not be an unresolved reference. */
  public static ConfigDef.Validator optionalPassword() {
    return check(
        "empty, or the password",
        value -> value == null ? null : passwordProblem(((Password) value).value()));
  }

  /** A user name for HTTP Basic authentication, or an empty text for none. */
  public static ConfigDef.Validator optionalUser() {
    return check(
        "empty, or a name without a colon",
        value -> {
          String user = value == null ? "" : (String) value;
          String problem = TextRules.problem(user);
          return problem == null && user.contains(":")
              ? "must not contain a colon: the proxy would read the rest as the password"
              : problem;
        });
  }

  /**
   * A path on the worker that runs the task, or an empty text for none. Another worker may validate
   * it, so the file need not exist.
   */
  public static ConfigDef.Validator optionalFile() {
    return check(
        "empty, or a path on the worker",
        value -> {
          String path = value == null ? "" : (String) value;
          return path.indexOf('\0') >= 0 ? "is not a path" : TextRules.problem(path);
        });
  }

  private static @Nullable String passwordProblem(@Nullable String value) {
    if (value == null) {
      return null;
    }
    if (value.startsWith("${")) {
      return TextRules.UNRESOLVED;
    }
    return value.equals(value.strip()) ? null : "must not begin or end with white space";
  }

  /** A websocket URL without a credential. */
  public static ConfigDef.Validator websocketUrl() {
    return check(
        "a ws:// or wss:// URL without a credential",
        value -> urlProblem(value, "wss", "ws", "a feed"));
  }

  /** The URL of a REST API without a credential. The path of a request is appended to it. */
  public static ConfigDef.Validator restUrl() {
    return check(
        "an http:// or https:// URL without a credential or a query",
        value -> {
          String problem = urlProblem(value, "https", "http", "an API");
          return problem == null && String.valueOf(value).indexOf('?') >= 0
              ? "must not have a query: the connector appends the path of each request to the URL"
              : problem;
        });
  }

  private static @Nullable String urlProblem(
      @Nullable Object value, String secure, String plain, String what) {
    String url = value == null ? "" : (String) value;
    String problem = TextRules.problem(url);
    if (problem != null) {
      return problem;
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return isBareAddress(url)
          ? "an IPv6 address must be in brackets and have no zone, as in " + IPV6_FEED
          : "is not a URL (" + e.getReason() + ")";
    }
    String scheme = scheme(uri);
    if (!scheme.equals(secure) && !scheme.equals(plain)) {
      return "must begin with "
          + secure
          + ":// (or "
          + plain
          + ":// for "
          + what
          + " on a trusted network)";
    }
    if (carriesCredential(uri)) {
      return "must not carry a credential: set it with its own key, which Connect keeps secret";
    }
    HostAndPort address = HostAndPort.of(uri);
    if (address == null) {
      return isBareAddress(url)
          ? "an IPv6 address must be in brackets and have no zone, as in " + IPV6_FEED
          : "has no host";
    }
    if (address.hasInvalidPort()) {
      return "has a port that is not between 1 and 65535";
    }
    return uri.getFragment() == null ? null : "must not have a fragment";
  }

  /** Whether the host is an IPv6 address without brackets or with a zone. */
  private static boolean isBareAddress(String url) {
    String authority = url.substring(url.indexOf("//") + 2).split("[/?#]", 2)[0];
    return BARE_IPV6.matcher(authority).matches();
  }

  private static boolean carriesCredential(URI uri) {
    if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
      return true;
    }
    return uri.getRawQuery() != null
        && (CREDENTIAL_PARAMETER.matcher(uri.getRawQuery()).find()
            || CREDENTIAL_PARAMETER.matcher(uri.getQuery()).find()); // its name percent-encoded
  }

  /**
   * The URL of an HTTP proxy without a credential, or an empty text for none.
   *
   * @param userKey the key that holds the user, for messages
   * @param passwordKey the key that holds the password, for messages
   */
  public static ConfigDef.Validator optionalProxyUrl(String userKey, String passwordKey) {
    return check(
        "empty, or http://host:port", value -> proxyUrlProblem(value, userKey, passwordKey));
  }

  private static @Nullable String proxyUrlProblem(
      @Nullable Object value, String userKey, String passwordKey) {
    if (value == null || ((String) value).isEmpty()) {
      return null;
    }
    String url = (String) value;
    String problem = TextRules.problem(url);
    if (problem != null) {
      return problem;
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return "must be http://host:port (" + e.getReason() + ")";
    }
    if (!scheme(uri).equals("http")) {
      return "must begin with http://, as in http://host:port: the connector talks to the proxy in"
          + " plain HTTP, and to the feed in TLS through it";
    }
    // A password with special characters makes an authority that has no host and port.
    if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
      return "must not carry a credential: set " + userKey + " and " + passwordKey + " instead";
    }
    HostAndPort address = HostAndPort.of(uri);
    if (address == null) {
      return isBareAddress(url)
          ? "an IPv6 address must be in brackets and have no zone, as in http://[::1]:3128"
          : "must name a host, as in http://host:port";
    }
    if (address.port() == -1) {
      return "must name the port, as in http://host:port: proxies have no default port";
    }
    if (address.hasInvalidPort()) {
      return "has a port that is not between 1 and 65535";
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
}
