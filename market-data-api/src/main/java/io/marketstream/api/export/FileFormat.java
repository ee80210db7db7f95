package io.marketstream.api.export;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.parquet.format.Util;

/** The format of the files. */
public enum FileFormat {
  PARQUET,
  CSV;

  private static final int FOOTER_END_BYTES = 8;

  /** The word for it in options, and the extension of its files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  RowWriter open(Path file, DataKind kind, DecimalForm decimals) throws IOException {
    return this == CSV
        ? new CsvWriter(file, kind.columns())
        : ParquetWriters.open(file, kind.columns(), decimals);
  }

  /**
   * How many rows a complete file has. Of CSV it counts the ends of lines, so a line break within a
   * value counts as well.
   */
  long rows(Path file) throws IOException {
    if (this == CSV) {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
        long lines = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
          lines += next == '\n' ? 1 : 0;
        }
        return lines;
      }
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      if (in.length() < FOOTER_END_BYTES) {
        return 0;
      }
      // A file ends with the footer, its length, and four bytes of magic.
      in.seek(in.length() - FOOTER_END_BYTES);
      byte[] footer = new byte[Math.max(0, Integer.reverseBytes(in.readInt()))];
      if (footer.length > in.length() - FOOTER_END_BYTES) {
        return 0;
      }
      in.seek(in.length() - FOOTER_END_BYTES - footer.length);
      in.readFully(footer);
      return Util.readFileMetaData(new ByteArrayInputStream(footer)).getNum_rows();
    }
  }
}
