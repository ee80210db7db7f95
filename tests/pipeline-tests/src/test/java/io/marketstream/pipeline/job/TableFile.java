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

  /** Every file of a table. */
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

  /** What the rows are before compression, which is how the size of a partition is counted. */
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
      in.readInt(); // above which a chunk is kept as it is
      return in.readLong();
    }
  }
}
