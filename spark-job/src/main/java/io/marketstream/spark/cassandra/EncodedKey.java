package io.marketstream.spark.cassandra;

import java.nio.ByteBuffer;

/**
 * The encoded values of the first columns, which all rows of a partition share. Sharing is safe,
 * because the driver does not change them.
 */
record EncodedKey(ByteBuffer... columns) {

  /** For rows that share no columns. */
  static final EncodedKey NONE = new EncodedKey();

  int bytes() {
    int bytes = 0;
    for (ByteBuffer column : columns) {
      bytes += column.remaining();
    }
    return bytes;
  }
}
