package io.marketstream.pipeline.job;

import io.marketstream.schema.CqlScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The figures of the tables in cassandra-cql/README.md, read from its text. */
record TableArithmetic(
    Map<String, RowSize> rowSizes, List<Partition> partitions, List<String> cql) {

  /** {@code | `ticks` | 80 | 30 |}. */
  private static final Pattern ROW_SIZE =
      Pattern.compile("^\\| `(\\w+)` \\| (\\d+) \\| (\\d+) \\|$", Pattern.MULTILINE);

  /** {@code | `ticks`: a symbol at 28 a second | 100,000 | 8.0 MB |}. */
  private static final Pattern PARTITION =
      Pattern.compile(
          "^\\| `(\\w+)`: (.+?) \\| ([\\d,]+) \\| ([\\d.,]+) MB \\|", Pattern.MULTILINE);

  private static final Pattern CQL =
      Pattern.compile("^```sql\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  /** Bytes of a row, before and after compression. */
  record RowSize(int bytes, int onDisk) {}

  /** The calculation of a partition's size: {@code megabytes = rows × bytes of a row}. */
  record Partition(String table, String what, long rows, String megabytes) {}

  static TableArithmetic read(Path readme) throws IOException {
    String text = Files.readString(readme);
    Map<String, RowSize> sizes = new LinkedHashMap<>();
    for (Matcher row = ROW_SIZE.matcher(text); row.find(); ) {
      sizes.put(row.group(1), new RowSize(number(row.group(2)), number(row.group(3))));
    }
    List<Partition> partitions = new ArrayList<>();
    for (Matcher row = PARTITION.matcher(text); row.find(); ) {
      partitions.add(new Partition(row.group(1), row.group(2), number(row.group(3)), row.group(4)));
    }
    List<String> cql =
        CQL.matcher(text)
            .results()
            .flatMap(block -> CqlScript.statements(block.group(1)).stream())
            .toList();
    return new TableArithmetic(sizes, partitions, cql);
  }

  private static int number(String text) {
    return Integer.parseInt(text.replace(",", ""));
  }
}
