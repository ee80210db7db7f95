package io.marketstream.spark.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.RejectReason;
import io.marketstream.spark.record.MarketRecord;
import io.marketstream.spark.record.Reject;
import io.marketstream.spark.record.Tick;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are binary, damaged, or in another encoding than UTF-8. */
class BinaryParsingTest extends ParserFixture {
  /**
   * Values that a JSON parser mistakes for UTF-16 or UTF-32 text, among them the frames of schema
   * registries.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "00 00 00 00 01 0e 66 69", // Avro or Protobuf with schema id 1
        "00 00 00 00 2a 0e 66 69",
        "00 00 00 01 2c 0e 66 69",
        "00 00 00 ff ff 0e 66 69",
        "00 00 01 86 a0 0e 66 69", // schema id 100,000
        "00 7b 00 00 00 22 00 61",
        "00 00 7b 00 22 00 61 00",
        "00 7b",
        "7b 00",
        "7b 00 00 00 7d 00 00 00",
        "ff fe 00 00 7b 00 00 00",
        "fe ff 00 00 00 7b 00 00",
        "00 00 ff fe 00 00 7b 00",
        "00 00 fe ff 00 00 00 7b",
        "00",
        "ff",
        "0a 07 66 69 6e 6e 68 75 62", // Protobuf without a frame
        "93 01 02 03", // MessagePack
      })
  void aBinaryValueIsRejectedAndKeptByteForByte(String hex) {
    byte[] value = HexFormat.ofDelimiter(" ").parseHex(hex);

    Reject reject = reject(value);

    assertThat(reject.reason()).isEqualTo(RejectReason.INVALID_JSON);
    assertThat(reject.source()).isEqualTo("unknown");
    assertThat(reject.encoding()).isEqualTo("base64");
    assertThat(Base64.getDecoder().decode(reject.input())).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32BE", "UTF-32LE"})
  void aTickInAnotherEncodingIsRejected(String encoding) {
    byte[] value = TICK.getBytes(Charset.forName(encoding));

    Reject reject = reject(value);

    assertThat(reject.reason()).isEqualTo(RejectReason.INVALID_JSON);
    assertThat(Base64.getDecoder().decode(reject.input())).isEqualTo(value);
  }

  /** Invalid spellings of one character could merge two symbols or split one. */
  @ParameterizedTest
  @CsvSource({
    "c1 81, an overlong A",
    "c0 80, an overlong NUL",
    "ed a0 80, half a surrogate pair",
    "80, a byte that continues nothing",
    "e2 82, a character cut off",
    "f5 80 80 80, beyond Unicode",
    "e9, ISO 8859-1"
  })
  void aTickInInvalidUtf8IsRejectedWithItsSource(String hex, String what) {
    byte[] symbol = HexFormat.ofDelimiter(" ").parseHex(hex);
    byte[] good = TICK.getBytes(StandardCharsets.UTF_8);
    int at = TICK.indexOf("AAPL");
    byte[] value = new byte[good.length + symbol.length];
    System.arraycopy(good, 0, value, 0, at);
    System.arraycopy(symbol, 0, value, at, symbol.length);
    System.arraycopy(good, at, value, at + symbol.length, good.length - at);

    Reject reject = reject(value);

    assertThat(reject.reason()).as(what).isEqualTo(RejectReason.INVALID_JSON);
    assertThat(reject.source()).as(what).isEqualTo("finnhub");
    assertThat(reject.encoding()).as(what).isEqualTo("base64");
    assertThat(Base64.getDecoder().decode(reject.input())).as(what).isEqualTo(value);
  }

  @Test
  void randomValuesAreRejectedAndNeverThrow() {
    long seed = Long.getLong("marketstream.seed", 20261128L);
    System.out.println("randomValuesAreRejectedAndNeverThrow seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 1_000_000; round++) {
      byte[] value = new byte[random.nextInt(65)];
      random.nextBytes(value);
      if (random.nextBoolean()) {
        Arrays.fill(value, 0, Math.min(value.length, 1 + random.nextInt(4)), (byte) 0);
      }
      MarketRecord record = parser.parse(AT, value, KAFKA_TIME);
      // A million calls of assertThat() would take most of the time.
      if (!(record instanceof Reject reject) || reject.reason() != RejectReason.INVALID_JSON) {
        throw new AssertionError(
            "seed " + seed + " round " + round + ": " + HexFormat.of().formatHex(value));
      }
    }
  }

  @Test
  void damagedTicksNeverThrow() {
    long seed = Long.getLong("marketstream.seed", 20261123L);
    System.out.println("damagedTicksNeverThrow seed " + seed);
    Random random = new Random(seed);
    byte[] good = TICK.getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = good.clone();
      for (int flips = random.nextInt(4) + 1; flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      MarketRecord record = parser.parse(AT, bytes, KAFKA_TIME);
      assertThat(record)
          .as("seed %d round %d", seed, round)
          .isInstanceOfAny(Tick.class, Reject.class);
      if (record instanceof Reject reject) {
        assertThat(reject.reason())
            .as("seed %d round %d", seed, round)
            .isNotEqualTo(RejectReason.INTERNAL_ERROR);
      }
    }
  }
}
