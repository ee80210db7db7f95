package io.marketstream.feed.task;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Reads the version of a plugin from {@code version.properties} beside its class, so that two
 * plugins never read each other's.
 */
public final class PluginVersion {

  private PluginVersion() {}

  /**
   * Returns the version.
   *
   * @throws IllegalStateException if the plugin was built without the resource
   */
  public static String of(Class<?> plugin) {
    try (InputStream resource = plugin.getResourceAsStream("version.properties")) {
      if (resource == null) {
        throw new IllegalStateException("no version.properties beside " + plugin.getName());
      }
      Properties properties = new Properties();
      properties.load(resource);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
