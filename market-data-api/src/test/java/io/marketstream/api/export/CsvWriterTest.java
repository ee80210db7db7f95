package io.marketstream.api.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvWriterTest {
  @TempDir Path folder;

  @Test
  void everyTypeHasItsText() throws Exception {
    Path file = folder.resolve("a.csv");
    List<Column> columns =
        List.of(
            Column.required("time", ColumnType.TIME),
            Column.required("price", ColumnType.PRICE),
            Column.required("number", ColumnType.INTEGER),
            Column.optional("codes", ColumnType.TEXTS),
            Column.optional("text", ColumnType.TEXT));
    try (CsvWriter csv = new CsvWriter(file, columns)) {
      Map<String, Object> row = new HashMap<>();
      row.put("time", Instant.parse("2026-11-29T00:00:00Z"));
      row.put("price", new BigDecimal("1.2300E-7"));
      row.put("number", Long.MIN_VALUE);
      csv.write(column -> row.get(column.name()));
      row.put("time", Instant.ofEpochMilli(253_402_300_799_999L));
      row.put("price", new BigDecimal("1E+3"));
      row.put("codes", List.of("1", "a|b", "\\"));
      row.put("text", "he said \"x\", twice\r\n");
      csv.write(column -> row.get(column.name()));
      row.put("codes", List.of());
      row.put("text", "");
      csv.write(column -> row.get(column.name()));
    }
    assertThat(file)
        .content()
        .isEqualTo(
            """
            time,price,number,codes,text
            2026-11-29T00:00:00.000Z,0.00000012300,-9223372036854775808,,
            9999-12-31T23:59:59.999Z,1000,-9223372036854775808,1|a\\|b|\\\\,"he said ""x"", twice\r
            "
            9999-12-31T23:59:59.999Z,1000,-9223372036854775808,"",""
            """);
    assertThat(Files.size(file)).isPositive();
  }
}
