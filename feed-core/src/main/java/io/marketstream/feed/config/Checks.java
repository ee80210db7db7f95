package io.marketstream.feed.config;

import io.marketstream.model.Limits;
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

  private static final Pattern SOURCE_NAME = Pattern.compile(Limits.SOURCE_PATTERN);
  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
  private static final Pattern CREDENTIAL_PARAMETER =
      Pattern.compile(
          "(?i)(^|[&;])([a-z0-9_.-]*(token|secret|password|passwd|signature|credentials?|jwt|bearer)"
              + "|([a-z0-9]+[_.-])*(key|auth|authorization|pass|pwd|sig)"
              + "|(api|app|access|account|client|private|subscription|user)key)=");
  private static final Pattern BARE_IPV6 = Pattern.compile("\\[?[0-9A-Fa-f]*:[0-9A-Fa-f.]*:.*");
  private static final String IPV6_FEED = "wss://[::1]:8080";

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
                : writtenOr(
                    value,
                    "must be lower-case letters, digits and hyphens, a letter first, at most 32 characters"));
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
                : writtenOr(
                    value,
                    "must be a topic name: 1 to 249 letters, digits, dots, underscores or hyphens"));
  }

  /** What is wrong with the value as it is written, if anything; else the complaint. */
  private static String writtenOr(Object value, String complaint) {
    String written = value == null ? null : WrittenValue.complaint((String) value);
    return written == null ? complaint : written;
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
              : WrittenValue.complaint(secret);
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
          String written = WrittenValue.complaint(user);
          return written == null && user.contains(":")
              ? "must not contain a colon: what follows it would be taken for the password"
              : written;
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
          return path.indexOf('\0') >= 0 ? "is not a path" : WrittenValue.complaint(path);
        });
  }

  private static String unusable(String value) {
    if (value == null) {
      return null;
    }
    if (value.startsWith("${")) {
      return WrittenValue.UNRESOLVED;
    }
    return value.equals(value.strip()) ? null : "must not begin or end with white space";
  }

  /** A websocket URL without a credential in it. */
  public static ConfigDef.Validator websocketUrl() {
    return check("a ws:// or wss:// URL without a credential", Checks::websocketUrlComplaint);
  }

  private static String websocketUrlComplaint(Object value) {
    String url = value == null ? "" : (String) value;
    String written = WrittenValue.complaint(url);
    if (written != null) {
      return written;
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return isBareAddress(url)
          ? "an IPv6 address must stand in brackets and without a zone, as in " + IPV6_FEED
          : "is not a URL (" + e.getReason() + ")";
    }
    String scheme = scheme(uri);
    if (!scheme.equals("wss") && !scheme.equals("ws")) {
      return "must begin with wss:// (or ws:// for a feed on a trusted network)";
    }
    if (carriesCredential(uri)) {
      return "must not carry a credential: give it under its own key, where it is kept secret";
    }
    HostAndPort address = HostAndPort.of(uri);
    if (address == null) {
      return isBareAddress(url)
          ? "an IPv6 address must stand in brackets and without a zone, as in " + IPV6_FEED
          : "has no host";
    }
    if (address.portIsBeyond()) {
      return "has a port beyond 65535";
    }
    return uri.getFragment() == null ? null : "must not have a fragment";
  }

  /** Whether an IPv6 address stands where a host should, without brackets or with a zone. */
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

  /** The address of an HTTP proxy, without a credential in it; empty for none. */
  public static ConfigDef.Validator optionalProxyUrl() {
    return check("empty, or http://host:port", Checks::proxyUrlComplaint);
  }

  private static String proxyUrlComplaint(Object value) {
    if (value == null || ((String) value).isEmpty()) {
      return null;
    }
    String url = (String) value;
    String written = WrittenValue.complaint(url);
    if (written != null) {
      return written;
    }
    URI uri;
    try {
      uri = new URI(url);
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
    HostAndPort address = HostAndPort.of(uri);
    if (address == null) {
      return isBareAddress(url)
          ? "an IPv6 address must stand in brackets and without a zone, as in http://[::1]:3128"
          : "must name a host, as in http://host:port";
    }
    if (address.port() == -1) {
      return "must name the port, as in http://host:port: proxies have no usual one";
    }
    if (address.portIsBeyond()) {
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
}
