package io.marketstream.api.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** The format of the files. */
public enum FileFormat {
  PARQUET,
  CSV;

  /** The word for it in options, and the extension of its files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  RowWriter open(Path file, DataKind kind, DecimalForm decimals) throws IOException {
    return this == CSV
        ? new CsvWriter(file, kind.columns())
        : ParquetWriters.open(file, kind.columns(), decimals);
  }
}
