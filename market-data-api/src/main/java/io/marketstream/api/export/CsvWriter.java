package io.marketstream.api.export;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A CSV file as RFC 4180 has it, in UTF-8, with a header. No value is an empty field, and an empty
 * text is {@code ""}. Decimals are the text of the table in plain notation. Times are ISO-8601 in
 * UTC with three digits of a second. Items of a list are separated by {@code |}; in an item, a
 * backslash stands before {@code |} and before a backslash.
 */
final class CsvWriter implements RowWriter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Writer out;
  private final List<Column> columns;

  CsvWriter(Path file, List<Column> columns) throws IOException {
    this.columns = columns;
    this.out =
        new BufferedWriter(
            new OutputStreamWriter(
                Files.newOutputStream(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE),
                StandardCharsets.UTF_8));
    out.write(columns.stream().map(Column::name).collect(Collectors.joining(",", "", "\n")));
  }

  @Override
  public void write(RowValues row) throws IOException {
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      Object value = row.get(columns.get(i));
      if (value != null) {
        out.write(quoted(text(value)));
      }
    }
    out.write('\n');
  }

  private static String text(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof Instant time) {
      return TIME.format(time);
    }
    if (value instanceof List<?> items) {
      return items.stream()
          .map(item -> String.valueOf(item).replace("\\", "\\\\").replace("|", "\\|"))
          .collect(Collectors.joining("|"));
    }
    return value.toString();
  }

  private static String quoted(String text) {
    boolean isPlain = !text.isEmpty();
    for (int i = 0; i < text.length() && isPlain; i++) {
      char c = text.charAt(i);
      isPlain = c != ',' && c != '"' && c != '\n' && c != '\r';
    }
    return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
