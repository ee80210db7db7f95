package io.marketstream.feed.websocket;

import io.marketstream.feed.config.ConfigValidators;
import io.marketstream.feed.config.CrossChecks;
import io.marketstream.feed.config.HostAndPort;
import java.net.URI;
import java.util.Objects;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** The configuration keys of the proxy and the truststore. */
public final class NetworkConfig {

  public static final String PROXY_URL = "proxy.url";
  public static final String PROXY_USER = "proxy.user";
  public static final String PROXY_PASSWORD = "proxy.password";
  public static final String TRUSTSTORE_LOCATION = "ssl.truststore.location";
  public static final String TRUSTSTORE_TYPE = "ssl.truststore.type";
  public static final String TRUSTSTORE_PASSWORD = "ssl.truststore.password";

  /** What an empty string in a connector's JSON becomes. It counts as absent. */
  private static final Password NO_PASSWORD = new Password("");

  private static final String GROUP = "Network";

  private NetworkConfig() {}

  /** Adds the keys to the definition. */
  public static ConfigDef update(ConfigDef def) {
    return def.define(
            PROXY_URL,
            ConfigDef.Type.STRING,
            "",
            ConfigValidators.optionalProxyUrl(PROXY_USER, PROXY_PASSWORD),
            Importance.LOW,
            "The HTTP proxy in front of the feed, http://host:port. Without it, the settings of the JVM"
                + " apply (-Dhttps.proxyHost).",
            GROUP,
            1,
            Width.MEDIUM,
            "Proxy")
        .define(
            PROXY_USER,
            ConfigDef.Type.STRING,
            "",
            ConfigValidators.optionalUser(),
            Importance.LOW,
            "The user, if the proxy requires one (Basic authentication).",
            GROUP,
            2,
            Width.SHORT,
            "Proxy user")
        .define(
            PROXY_PASSWORD,
            ConfigDef.Type.PASSWORD,
            null,
            ConfigValidators.optionalPassword(),
            Importance.LOW,
            "The password of " + PROXY_USER + ".",
            GROUP,
            3,
            Width.SHORT,
            "Proxy password")
        .define(
            TRUSTSTORE_LOCATION,
            ConfigDef.Type.STRING,
            "",
            ConfigValidators.optionalFile(),
            Importance.LOW,
            "A file with the authorities to trust instead of those of the JVM. It must be on every"
                + " worker that may run the task. The task reads it when it starts.",
            GROUP,
            4,
            Width.LONG,
            "Truststore")
        .define(
            TRUSTSTORE_TYPE,
            ConfigDef.Type.STRING,
            Truststore.JKS,
            ValidString.in(Truststore.JKS, Truststore.PKCS12, Truststore.PEM),
            Importance.LOW,
            "The format of the truststore. A PEM file holds certificates only.",
            GROUP,
            5,
            Width.SHORT,
            "Truststore type")
        .define(
            TRUSTSTORE_PASSWORD,
            ConfigDef.Type.PASSWORD,
            null,
            ConfigValidators.optionalPassword(),
            Importance.LOW,
            "The password of the truststore. A PEM file has none. A JKS file opens without a password,"
                + " but its integrity is then not checked. Most PKCS12 files need one.",
            GROUP,
            6,
            Width.SHORT,
            "Truststore password");
  }

  /** Checks that a user has a password and a proxy, and a password its truststore. */
  public static void crossCheck(CrossChecks values) {
    values.requireTogether(PROXY_USER, PROXY_URL);
    values.requireTogether(PROXY_USER, PROXY_PASSWORD);
    values.requireTogether(PROXY_PASSWORD, PROXY_USER);
    values.requireTogether(TRUSTSTORE_PASSWORD, TRUSTSTORE_LOCATION);
    if (values.isGiven(TRUSTSTORE_PASSWORD)
        && Truststore.PEM.equals(values.given(TRUSTSTORE_TYPE))) {
      values.addError(
          TRUSTSTORE_PASSWORD,
          "must be empty if "
              + TRUSTSTORE_TYPE
              + "="
              + Truststore.PEM
              + ": a PEM file has no password");
    }
  }

  static NetworkSettings networkSettings(AbstractConfig config) {
    return new NetworkSettings(proxy(config), truststore(config));
  }

  private static @Nullable HttpProxy proxy(AbstractConfig config) {
    String url = config.getString(PROXY_URL);
    if (url.isEmpty()) {
      return null;
    }
    HostAndPort address =
        Objects.requireNonNull(
            HostAndPort.of(URI.create(url)), PROXY_URL + " is validated and has a host");
    String user = config.getString(PROXY_USER);
    return new HttpProxy(
        address.host(),
        address.port(),
        user.isEmpty() ? null : user,
        user.isEmpty() ? null : config.getPassword(PROXY_PASSWORD));
  }

  private static @Nullable Truststore truststore(AbstractConfig config) {
    String location = config.getString(TRUSTSTORE_LOCATION);
    if (location.isEmpty()) {
      return null;
    }
    Password password = config.getPassword(TRUSTSTORE_PASSWORD);
    return new Truststore(
        location,
        config.getString(TRUSTSTORE_TYPE),
        NO_PASSWORD.equals(password) ? null : password);
  }
}
