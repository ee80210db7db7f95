package io.marketstream.api.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.api.market.Instrument;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportFolderTest {

  @Test
  void aFileIsNamedAfterItsContent() {
    assertThat(
            new ExportFolder(Path.of("export"), FileFormat.PARQUET)
                .file(
                    DataKind.TICKS,
                    new Instrument("finnhub", "BINANCE:BTCUSDT"),
                    LocalDate.parse("2026-11-29")))
        .hasToString("export/ticks/finnhub/BINANCE%3ABTCUSDT/2026-11-29.parquet");
  }

  @ParameterizedTest
  @CsvSource({"AAPL, AAPL", "BRK.B, BRK.B", "a-b_c, a-b_c", "., %2E", ".., %2E.", "€, %E2%82%AC"})
  void aSymbolBecomesAName(String symbol, String name) {
    assertThat(ExportFolder.name(symbol)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "%41", "A", "..", "a b", "a+b", "Ünï:cödé", "\0", "*", "日本"})
  void anyUrlDecoderGivesTheSymbolBack(String symbol) {
    String name = ExportFolder.name(symbol);

    assertThat(name).matches("[A-Za-z0-9._%-]+").doesNotStartWith(".");
    assertThat(URLDecoder.decode(name, StandardCharsets.UTF_8)).isEqualTo(symbol);
  }
}
