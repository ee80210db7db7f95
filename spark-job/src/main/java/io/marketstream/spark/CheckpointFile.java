package io.marketstream.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Small files of properties in a checkpoint, each written once and never half. */
final class CheckpointFile {
  private static final String ID = "id";

  private CheckpointFile() {}

  /** Empty if there is no such file. */
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

  /** The id in the file, which is written if it is not there. */
  static String remember(FileSystem storage, Path file, String id, String comment)
      throws IOException {
    Optional<String> stored = read(storage, file).map(content -> content.getProperty(ID));
    if (stored.isPresent()) {
      return stored.get();
    }
    write(storage, file, Map.of(ID, id), comment);
    return id;
  }

  static void write(FileSystem storage, Path file, Map<String, String> content, String comment)
      throws IOException {
    Properties properties = new Properties();
    properties.putAll(content);
    // Under another name first: a kill in between must not leave a file that says nothing.
    Path unfinished = file.suffix(".unfinished");
    try (OutputStream out = storage.create(unfinished, true)) {
      properties.store(out, comment);
    }
    if (!storage.rename(unfinished, file)) {
      throw new IOException(unfinished + " could not be renamed to " + file.getName());
    }
  }
}
