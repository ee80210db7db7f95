package io.marketstream.spark.cassandra;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The encoded values of the first columns, which all rows of a partition share. Sharing is safe,
 * because the driver does not change them.
 */
record EncodedKey(List<ByteBuffer> columns) {

  /** For rows that share no columns. */
  static final EncodedKey NONE = new EncodedKey(List.of());

  int bytes() {
    int bytes = 0;
    for (ByteBuffer column : columns) {
      bytes += column.remaining();
    }
    return bytes;
  }
}
