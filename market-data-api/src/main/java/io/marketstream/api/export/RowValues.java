package io.marketstream.api.export;

import org.jspecify.annotations.Nullable;

/** The values of one row. */
@FunctionalInterface
interface RowValues {
  /** The value of a column, of the class that its type names; null if the row has none. */
  @Nullable Object get(Column column);
}
