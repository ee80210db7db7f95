package io.marketstream.finnhub;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.marketstream.feed.harness.DecoderContract;
import io.marketstream.feed.harness.NeighborContract;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Decodes any bytes as a frame of Finnhub, and as an entry between two trades. */
class FinnhubDecoderFuzzTest {

  static final String TRADE = "{\"p\":1.5,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1";

  private static final FinnhubDecoder DECODER =
      new FinnhubDecoder(Set.of("AAPL", "MSFT", "BINANCE:BTCUSDT", "IC MARKETS:1"));

  static final DecoderContract CONTRACT = new DecoderContract(DECODER::decode);
  static final NeighborContract SIBLINGS =
      new NeighborContract(
          CONTRACT,
          "{\"data\":[" + TRADE + "}",
          "{\"p\":2.5,\"s\":\"MSFT\",\"t\":1680286537580,\"v\":2}],\"type\":\"trade\"}");

  @DictionaryFile(resourcePath = "dictionary")
  @FuzzTest
  void decode(byte[] wire) {
    String text = new String(wire, StandardCharsets.UTF_8); // as OkHttp does
    CONTRACT.decode(text);
    bothWays(text);
    bothWays("{\"data\":[" + text + "],\"type\":\"trade\"}");
    SIBLINGS.decodeBetween(text, "[[" + text + "]]");
  }

  /** A frame that the scanner reads without a parser gives the events that the parser gives. */
  static void bothWays(String frame) {
    if (frame.indexOf('\uFFFD') < 0
        && !DECODER
            .decode(frame, DecoderContract.NOW)
            .equals(DECODER.parse(frame, DecoderContract.NOW))) {
      throw new AssertionError("Expected the same events both ways, of the frame " + frame);
    }
  }
}
