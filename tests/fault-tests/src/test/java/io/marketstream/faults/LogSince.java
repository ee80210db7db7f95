package io.marketstream.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The text that a component has written to its log since this object was made. */
final class LogSince {
  private final Path log;
  private final long begin;

  LogSince(Path log) {
    this.log = log;
    try {
      begin = Files.size(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text() {
    try (InputStream in = Files.newInputStream(log)) {
      in.skipNBytes(begin);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
