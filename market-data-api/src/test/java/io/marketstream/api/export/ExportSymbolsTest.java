package io.marketstream.api.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.api.market.Instrument;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExportSymbolsTest {
  private static final List<Instrument> KNOWN =
      List.of(
          new Instrument("finnhub", "AAPL"),
          new Instrument("finnhub", "BINANCE:BTCUSDT"),
          new Instrument("finnhub", "bitcoin"),
          new Instrument("coincap", "bitcoin"),
          new Instrument("other", "a,b"));

  private static List<String> find(String source, String... names) {
    return new ExportSymbols(KNOWN, Optional.ofNullable(source))
        .find(List.of(names)).stream().map(Instrument::toString).toList();
  }

  @Test
  void namesMayBeRepeatedOrJoined() {
    assertThat(find(null, "AAPL,coincap:bitcoin", "AAPL", "BINANCE:BTCUSDT"))
        .containsExactly("finnhub:AAPL", "coincap:bitcoin", "finnhub:BINANCE:BTCUSDT");
  }

  @Test
  void aSymbolMayHaveAComma() {
    assertThat(find(null, "a,b")).containsExactly("other:a,b");
  }

  @Test
  void aSourceDecidesBetweenTwo() {
    assertThat(find("coincap", "bitcoin")).containsExactly("coincap:bitcoin");
    assertThatThrownBy(() -> find(null, "bitcoin"))
        .isInstanceOf(ExportFailedException.class)
        .hasMessage(
            "several sources have the symbol 'bitcoin'. Write coincap:bitcoin or finnhub:bitcoin,"
                + " or --source");
  }

  @Test
  void anUnknownSymbolIsNamedWithThoseThatThereAre() {
    assertThatThrownBy(() -> find("coincap", "AAPL"))
        .hasMessage("there is no symbol 'AAPL' of the source coincap. There are coincap:bitcoin");
    assertThatThrownBy(() -> find(null, "AAPL,")).hasMessageContaining("there is no symbol ''");
  }
}
