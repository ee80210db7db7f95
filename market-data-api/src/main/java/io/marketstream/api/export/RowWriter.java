package io.marketstream.api.export;

import java.io.Closeable;
import java.io.IOException;

/** Writes the rows of one file. For one thread. */
interface RowWriter extends Closeable {
  /**
   * Adds a row.
   *
   * @throws InexactDecimalException if the file cannot hold a decimal exactly
   */
  void write(RowValues row) throws IOException;

  /** Writes what is left, and closes the file. */
  @Override
  void close() throws IOException;
}
