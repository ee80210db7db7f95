package io.marketstream.spark.cassandra;

import java.nio.ByteBuffer;

/**
 * The first columns of rows of one partition, encoded. The rows share them: the driver does not
 * change what it is given.
 */
record EncodedKey(ByteBuffer... columns) {

  /** Of rows that share no columns. */
  static final EncodedKey NONE = new EncodedKey();

  int bytes() {
    int bytes = 0;
    for (ByteBuffer column : columns) {
      bytes += column.remaining();
    }
    return bytes;
  }
}
