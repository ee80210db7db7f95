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

class DayFileTest {
  private static final RowValues ROW = column -> "x";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("ticks/day.csv");
  }

  private DayFile open() {
    return new DayFile(file, part -> FileFormat.CSV.open(part, DataKind.GAPS, DecimalForm.TEXT));
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
