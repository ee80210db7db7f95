package io.marketstream.api.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DayFileTest {
  private static final RowValues ROW = column -> "x";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("ticks/day.csv");
  }

  private DayFile open() {
    return open(FileFormat.CSV);
  }

  private DayFile open(FileFormat format) {
    return new DayFile(
        file, part -> format.open(part, DataKind.GAPS, DecimalForm.TEXT), format::rows);
  }

  private List<Path> files() throws Exception {
    if (!Files.exists(file.getParent())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(file.getParent())) {
      return files.toList();
    }
  }

  @Test
  void itAppearsWhenItIsComplete() throws Exception {
    try (DayFile day = open()) {
      day.write(ROW);
      assertThat(file).doesNotExist();
      assertThat(files()).singleElement().asString().endsWith(".part");
      assertThat(day.complete()).isEqualTo(Files.size(file));
    }
    assertThat(files()).containsExactly(file);
  }

  @ParameterizedTest
  @EnumSource
  void aFileWithMoreRowsIsKept(FileFormat format) throws Exception {
    RowValues row = column -> column.type() == ColumnType.TEXT ? "x" : null;
    write(format, row, 3);
    assertThat(format.rows(file)).isEqualTo(format == FileFormat.CSV ? 4 : 3);
    byte[] three = Files.readAllBytes(file);
    assertThatThrownBy(() -> write(format, row, 2)).hasMessageContaining("was kept");
    assertThat(file).hasBinaryContent(three);
    assertThat(files()).containsExactly(file);
    write(format, row, 4);
    assertThat(format.rows(file)).isEqualTo(format == FileFormat.CSV ? 5 : 4);
  }

  private void write(FileFormat format, RowValues row, int rows) throws Exception {
    try (DayFile day = open(format)) {
      for (int i = 0; i < rows; i++) {
        day.write(row);
      }
      day.complete();
    }
  }

  @Test
  void whatIsNotCompleteLeavesTheOldFile() throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "old");
    try (DayFile day = open()) {
      day.write(ROW);
    }
    assertThat(file).hasContent("old");
    assertThat(files()).containsExactly(file);
  }

  @Test
  void withoutARowThereIsNoFile() throws Exception {
    try (DayFile day = open()) {
      assertThat(day.complete()).isZero();
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void aRowThatCannotBeWrittenLeavesNothing() throws Exception {
    try (DayFile day = open()) {
      day.write(ROW);
      assertThatThrownBy(
              () ->
                  day.write(
                      column -> {
                        throw new InexactDecimalException("price", java.math.BigDecimal.ONE, 18);
                      }))
          .isInstanceOf(InexactDecimalException.class);
    }
    assertThat(files()).isEmpty();
  }
}
