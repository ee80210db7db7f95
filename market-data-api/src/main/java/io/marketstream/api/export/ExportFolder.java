package io.marketstream.api.export;

import io.marketstream.api.market.Instrument;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;

/**
 * Where the files are: {@code ticks/finnhub/AAPL/2026-11-29.parquet}.
 *
 * @param root the folder of the export
 */
record ExportFolder(Path root, FileFormat format) {

  Path file(DataKind kind, Instrument instrument, LocalDate day) {
    return root.resolve(kind.word())
        .resolve(name(instrument.source()))
        .resolve(name(instrument.symbol()))
        .resolve(day + "." + format.word());
  }

  /**
   * A symbol as the name of a folder. Bytes of its UTF-8 that are neither letters, digits, {@code
   * -}, {@code _} nor {@code .} become {@code %} and two hexadecimal digits, as in a URL. So does a
   * point at the start.
   */
  static String name(String symbol) {
    StringBuilder name = new StringBuilder();
    for (byte each : symbol.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      boolean isPlain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_'
              || (c == '.' && !name.isEmpty());
      if (isPlain) {
        name.append(c);
      } else {
        name.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return name.toString();
  }
}
