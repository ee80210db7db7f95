package io.marketstream.pipeline.job;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One file of a table's rows in a node's data directory.
 *
 * @param data the rows, compressed
 */
record TableFile(Path data) {
  private static final String DATA = "-Data.db";

  /** Returns every file of a table. */
  static List<TableFile> of(Path dataDir, String keyspace, String table) throws IOException {
    try (Stream<Path> all = Files.walk(dataDir.resolve("data").resolve(keyspace), 2)) {
      return all.filter(file -> file.toString().endsWith(DATA))
          .filter(file -> file.getParent().getFileName().toString().startsWith(table + "-"))
          .sorted()
          .map(TableFile::new)
          .toList();
    }
  }

  long bytesOnDisk() throws IOException {
    return Files.size(data);
  }

  /**
   * Returns the size of the rows before compression, which is the size that counts for a partition.
   */
  long bytes() throws IOException {
    Path info =
        data.resolveSibling(data.getFileName().toString().replace(DATA, "-CompressionInfo.db"));
    try (DataInputStream in = new DataInputStream(Files.newInputStream(info))) {
      in.readUTF();
      for (int options = in.readInt(); options > 0; options--) {
        in.readUTF();
        in.readUTF();
      }
      in.readInt(); // length of a chunk
      in.readInt(); // a chunk above this size is not compressed
      return in.readLong();
    }
  }
}
