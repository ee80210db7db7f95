package io.marketstream.coincap;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.marketstream.feed.harness.DecoderContract;
import io.marketstream.feed.harness.NeighborContract;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Decodes any bytes as a frame of CoinCap, and as a pair between two prices. */
class CoinCapDecoderFuzzTest {

  private static final String HEAD = "{\"bitcoin\":\"1.5\"";
  private static final String TAIL = "\"monero\":\"2.5\"}";

  private static final CoinCapDecoder DECODER_OF_ALL = new CoinCapDecoder(slug -> true);
  private static final CoinCapDecoder DECODER_OF_SOME =
      new CoinCapDecoder(Set.of("bitcoin", "monero")::contains);

  private static final DecoderContract ALL = new DecoderContract(DECODER_OF_ALL::decode);
  private static final DecoderContract SOME = new DecoderContract(DECODER_OF_SOME::decode);
  private static final NeighborContract AMONG_ALL = new NeighborContract(ALL, HEAD, TAIL);
  private static final NeighborContract AMONG_SOME = new NeighborContract(SOME, HEAD, TAIL);

  @DictionaryFile(resourcePath = "dictionary")
  @FuzzTest
  void decode(byte[] wire) {
    String text = new String(wire, StandardCharsets.UTF_8); // as OkHttp does
    ALL.decode(text);
    SOME.decode(text);
    bothWays(text);
    bothWays(HEAD + "," + text + "," + TAIL);
    AMONG_ALL.decodeBetween(text, "[{" + text + "}]");
    AMONG_SOME.decodeBetween(text, "[{" + text + "}]");
  }

  private static void bothWays(String frame) {
    bothWays(DECODER_OF_ALL, frame);
    bothWays(DECODER_OF_SOME, frame);
  }

  /** A frame that the scanner reads without a parser gives the events that the parser gives. */
  private static void bothWays(CoinCapDecoder decoder, String frame) {
    if (!decoder
        .decode(frame, DecoderContract.NOW)
        .equals(decoder.parse(frame, DecoderContract.NOW))) {
      throw new AssertionError("Expected the same events both ways, of the frame " + frame);
    }
  }
}
