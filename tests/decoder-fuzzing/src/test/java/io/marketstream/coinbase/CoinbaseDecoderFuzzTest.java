package io.marketstream.coinbase;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.marketstream.feed.harness.DecoderContract;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Decodes any bytes as a frame of Coinbase, and as more fields of a trade. */
class CoinbaseDecoderFuzzTest {

  private static final String TRADE =
      "{\"type\":\"match\",\"trade_id\":7,\"side\":\"buy\",\"size\":\"0.5\",\"price\":\"83335.51\","
          + "\"product_id\":\"BTC-USD\",\"time\":\"2023-03-31T18:15:37.309540Z\",";

  private static final DecoderContract DECODER =
      new DecoderContract(new CoinbaseDecoder(List.of("BTC-USD", "ETH-USD"))::decode);

  @DictionaryFile(resourcePath = "dictionary")
  @FuzzTest
  void decode(byte[] wire) {
    String text = new String(wire, StandardCharsets.UTF_8); // as OkHttp does
    DECODER.decode(text);
    DECODER.decode(TRADE + text + "}");
  }
}
