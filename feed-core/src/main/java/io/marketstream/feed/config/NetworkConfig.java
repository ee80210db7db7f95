package io.marketstream.feed.config;

import io.marketstream.feed.session.HttpProxy;
import io.marketstream.feed.session.NetworkSettings;
import io.marketstream.feed.session.Truststore;
import java.net.URI;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.types.Password;

/** The keys of what stands between the worker and a feed: a proxy, an authority of one's own. */
public final class NetworkConfig {

  public static final String PROXY_URL = "proxy.url";
  public static final String PROXY_USER = "proxy.user";
  public static final String PROXY_PASSWORD = "proxy.password";
  public static final String TRUSTSTORE_LOCATION = "ssl.truststore.location";
  public static final String TRUSTSTORE_TYPE = "ssl.truststore.type";
  public static final String TRUSTSTORE_PASSWORD = "ssl.truststore.password";

  /** What an empty string in a connector's JSON becomes: it counts as absent. */
  static final Password NO_PASSWORD = new Password("");

  private static final String GROUP = "Network";

  private NetworkConfig() {}

  public static ConfigDef update(ConfigDef def) {
    return def.define(
            PROXY_URL,
            Type.STRING,
            "",
            Checks.optionalProxyUrl(),
            Importance.LOW,
            "The HTTP proxy through which the feed is reached, http://host:port. Without it the JVM's own settings hold"
                + " (-Dhttps.proxyHost).",
            GROUP,
            1,
            Width.MEDIUM,
            "Proxy")
        .define(
            PROXY_USER,
            Type.STRING,
            "",
            Checks.optionalUser(),
            Importance.LOW,
            "The user for a proxy that asks for one (Basic authentication).",
            GROUP,
            2,
            Width.SHORT,
            "Proxy user")
        .define(
            PROXY_PASSWORD,
            Type.PASSWORD,
            null,
            Checks.optionalPassword(),
            Importance.LOW,
            "The password of proxy.user.",
            GROUP,
            3,
            Width.SHORT,
            "Proxy password")
        .define(
            TRUSTSTORE_LOCATION,
            Type.STRING,
            "",
            Checks.optionalFile(),
            Importance.LOW,
            "A file with the authorities to trust in place of the JVM's own, on every worker that may run the task."
                + " It is read when the task starts.",
            GROUP,
            4,
            Width.LONG,
            "Truststore")
        .define(
            TRUSTSTORE_TYPE,
            Type.STRING,
            Truststore.JKS,
            ValidString.in(Truststore.JKS, Truststore.PKCS12, Truststore.PEM),
            Importance.LOW,
            "The format of the truststore. PEM is a file of certificates.",
            GROUP,
            5,
            Width.SHORT,
            "Truststore type")
        .define(
            TRUSTSTORE_PASSWORD,
            Type.PASSWORD,
            null,
            Checks.optionalPassword(),
            Importance.LOW,
            "The password of the truststore. A JKS file opens without, unchecked; a PKCS12 file seldom does;"
                + " a PEM file has none.",
            GROUP,
            6,
            Width.SHORT,
            "Truststore password");
  }

  public static NetworkSettings networkSettings(AbstractConfig config) {
    return new NetworkSettings(proxy(config), truststore(config));
  }

  private static HttpProxy proxy(AbstractConfig config) {
    String url = config.getString(PROXY_URL);
    if (url.isEmpty()) {
      return null;
    }
    HostAndPort address = HostAndPort.of(URI.create(url));
    String user = config.getString(PROXY_USER);
    return new HttpProxy(
        address.host(),
        address.port(),
        user.isEmpty() ? null : user,
        user.isEmpty() ? null : config.getPassword(PROXY_PASSWORD));
  }

  private static Truststore truststore(AbstractConfig config) {
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
