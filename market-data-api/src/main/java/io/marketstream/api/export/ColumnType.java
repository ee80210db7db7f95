package io.marketstream.api.export;

/** What a column holds, and the class of its values. */
enum ColumnType {
  /** A {@code String}. */
  TEXT,
  /** A {@code Long}. */
  INTEGER,
  /** An {@code Instant}, of whole milliseconds. */
  TIME,
  /** A {@code BigDecimal}: a price of the feed. */
  PRICE,
  /** A {@code BigDecimal}: a volume of the feed, or a sum of volumes. */
  VOLUME,
  /** A {@code BigDecimal} that is a quotient: no fixed number of places holds it. */
  QUOTIENT,
  /** A {@code List} of {@code String}. */
  TEXTS
}
