package io.marketstream.api.export;

/**
 * A column of a file.
 *
 * @param isRequired whether every row has a value
 */
record Column(String name, ColumnType type, boolean isRequired) {

  static Column required(String name, ColumnType type) {
    return new Column(name, type, true);
  }

  static Column optional(String name, ColumnType type) {
    return new Column(name, type, false);
  }
}
