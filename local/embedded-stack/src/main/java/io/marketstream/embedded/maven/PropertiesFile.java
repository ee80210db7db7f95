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
 * Java properties files as Kafka and Connect read them: as ISO-8859-1, every other character as an
 * escape.
 */
final class PropertiesFile {
  private PropertiesFile() {}

  /** The settings of a file with others put over them. */
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
    // A writer would not escape what lies outside ISO-8859-1; a stream does.
    try (OutputStream out = Files.newOutputStream(file)) {
      properties.store(out, "Written at every start; changes here are lost.");
    }
    return file;
  }
}
