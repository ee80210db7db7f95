package io.marketstream.api.export;

/** How a Parquet file holds decimals. */
public enum DecimalForm {
  /**
   * As {@code DECIMAL}, with a fixed number of places per column. A value that does not fit ends
   * the export.
   */
  DECIMAL,
  /** As text, which holds every value. */
  TEXT
}
