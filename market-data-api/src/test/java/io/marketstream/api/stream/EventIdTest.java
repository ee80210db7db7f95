package io.marketstream.api.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.api.market.Instrument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdTest {
  @Test
  void aSymbolMayContainColons() {
    EventId id = new EventId(new Instrument("finnhub", "BINANCE:BTCUSDT"), 17, 3);

    assertThat(id).hasToString("finnhub:BINANCE:BTCUSDT:17:3");
    assertThat(EventId.parse(id.toString())).contains(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "a:b:1", "a:b:1:x", "A:b:1:2", "a:b:1:99999999999999999999", "::1:2"})
  void otherTextIsNotAnId(String text) {
    assertThat(EventId.parse(text)).isEmpty();
  }
}
