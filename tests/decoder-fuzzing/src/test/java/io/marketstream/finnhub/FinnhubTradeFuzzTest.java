package io.marketstream.finnhub;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/**
 * Decodes any bytes as an additional field of a trade between two others: a letter and a value,
 * which overrides the previous one.
 */
class FinnhubTradeFuzzTest {

  @DictionaryFile(resourcePath = "values")
  @FuzzTest
  void decode(byte[] wire) {
    String text = new String(wire, StandardCharsets.UTF_8); // as OkHttp does
    if (!text.isEmpty()) {
      String entry =
          FinnhubDecoderFuzzTest.TRADE
              + (",\"" + text.charAt(0) + "\":")
              + (text.substring(1) + "}");
      FinnhubDecoderFuzzTest.SIBLINGS.decodeBetween(entry, "[[" + entry + "]]");
      FinnhubDecoderFuzzTest.bothWays("{\"data\":[" + entry + "],\"type\":\"trade\"}");
    }
  }
}
