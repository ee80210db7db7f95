package io.marketstream.spark.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads and writes small property files in a checkpoint. Each is written once and atomically. */
final class CheckpointFile {
  private static final String ID = "id";

  private CheckpointFile() {}

  /** Returns the properties in the file, or empty if it does not exist. */
  static Optional<Properties> read(FileSystem storage, Path file) throws IOException {
    if (!storage.exists(file)) {
      return Optional.empty();
    }
    Properties stored = new Properties();
    try (InputStream in = storage.open(file)) {
      stored.load(in);
    }
    return Optional.of(stored);
  }

  /** Returns the id in the file. If the file does not exist, writes the given id to it. */
  static String readOrStoreId(FileSystem storage, Path file, String id, String comment)
      throws IOException {
    Optional<String> stored = read(storage, file).map(content -> content.getProperty(ID));
    if (stored.isPresent()) {
      return stored.get();
    }
    write(storage, file, Map.of(ID, id), comment);
    return id;
  }

  /** Writes a new file, which must not exist. */
  static void write(FileSystem storage, Path file, Map<String, String> content, String comment)
      throws IOException {
    Properties properties = new Properties();
    properties.putAll(content);
    // The rename is atomic: a kill in between must not leave an incomplete file.
    Path unfinished = file.suffix(".unfinished");
    try (OutputStream out = storage.create(unfinished, true)) {
      properties.store(out, comment);
    }
    if (!storage.rename(unfinished, file)) {
      throw new IOException(unfinished + " could not be renamed to " + file.getName());
    }
  }
}
