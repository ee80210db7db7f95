package io.marketstream.feed.config;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Host and port of a URL. {@link URI} has no host where the name has an underscore, as services of
 * Docker Compose and Swarm have; everything that connects takes such names.
 *
 * @param host a name, an IPv4 address, or an IPv6 address in brackets
 * @param port −1 where the URL has none
 */
record HostAndPort(String host, int port) {

  private static final Pattern AUTHORITY =
      Pattern.compile("(?:[^@]*@)?([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::(\\d{1,9})?)?");

  /** Null where the URL names no host that can be used. */
  static HostAndPort of(URI uri) {
    Matcher authority =
        AUTHORITY.matcher(uri.getRawAuthority() == null ? "" : uri.getRawAuthority());
    if (!authority.matches()) {
      return null;
    }
    String port = authority.group(2);
    return new HostAndPort(authority.group(1), port == null ? -1 : Integer.parseInt(port));
  }

  boolean portIsBeyond() {
    return port == 0 || port > 65_535;
  }
}
