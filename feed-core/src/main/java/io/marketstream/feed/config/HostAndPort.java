package io.marketstream.feed.config;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The host and the port of a URL. {@link URI} finds no host if the name has an underscore, as
 * services of Docker Compose and Swarm may have. Sockets accept such names.
 *
 * @param host a name, an IPv4 address, or an IPv6 address in brackets
 * @param port −1 if the URL has none
 */
public record HostAndPort(String host, int port) {

  private static final Pattern AUTHORITY =
      Pattern.compile("(?:[^@]*@)?([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::(\\d{1,9})?)?");

  /** The host and the port of the URL; null if it has no usable host. */
  public static @Nullable HostAndPort of(URI uri) {
    Matcher authority =
        AUTHORITY.matcher(uri.getRawAuthority() == null ? "" : uri.getRawAuthority());
    if (!authority.matches()) {
      return null;
    }
    String port = authority.group(2);
    return new HostAndPort(authority.group(1), port == null ? -1 : Integer.parseInt(port));
  }

  /** Whether the URL has a port that no server can have. */
  boolean hasInvalidPort() {
    return port == 0 || port > 65_535;
  }
}
