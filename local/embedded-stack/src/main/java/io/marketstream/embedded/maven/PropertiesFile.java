package io.marketstream.embedded.maven;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Reads and writes Java properties files as Kafka and Connect read them: in ISO-8859-1, with all
 * other characters escaped.
 */
final class PropertiesFile {
  private PropertiesFile() {}

  /** Returns the settings of a file, some of them replaced. */
  static Map<String, String> overlay(Path file, Map<String, String> overlay) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      properties.load(in);
    }
    Map<String, String> merged = new LinkedHashMap<>();
    properties.forEach((key, value) -> merged.put(key.toString(), value.toString()));
    merged.putAll(overlay);
    return merged;
  }

  /** Writes settings, sorted by key. */
  static Path write(Path file, Map<String, String> settings) throws IOException {
    Properties properties = new Properties();
    properties.putAll(new TreeMap<>(settings));
    // Only the method for streams escapes characters outside ISO-8859-1.
    try (OutputStream out = Files.newOutputStream(file)) {
      properties.store(out, "Written at every start; changes here are lost.");
    }
    return file;
  }
}
