package io.marketstream.feed.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireDecimalTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "5",
        "164.0601",
        "0.00008",
        "6389.06534240",
        "-12.50",
        "1.000000000000000000",
        "0.0000000000000000001234",
        "1234567890123456789012345678901234567890",
        "0.0000000000000000000000000000000000000001"
      })
  void plainNumbersAreUnchanged(String text) {
    assertThat(WireDecimal.plain(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "1e3,1000",
    "1.5E2,150",
    "12e-3,0.012",
    "-2.50e1,-25.0",
    "1E+5,100000",
    "0e5,0",
    "007,7",
    "-00.5,-0.5",
    "1e40,10000000000000000000000000000000000000000"
  })
  void exponentsAndNeedlessZerosBecomePlainNotation(String text, String plain) {
    assertThat(WireDecimal.plain(text)).isEqualTo(plain);
    assertThat(new BigDecimal(plain)).isEqualByComparingTo(new BigDecimal(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e999999999",
        "1e-999999999",
        "-1e999999999",
        "0e999999999",
        "1e41",
        "1e-41",
        "10e40",
        "12345678901234567890123456789012345678901",
        "0.00000000000000000000000000000000000000001",
        "1e99999999999999999999"
      })
  void numbersBeyondTheBoundsAreRefused(String text) {
    assertThat(WireDecimal.plain(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-",
        "+1",
        ".5",
        "5.",
        "1..2",
        "1.2.3",
        "1e",
        "1e+",
        "e5",
        "NaN",
        "Infinity",
        "0x10",
        "1,5",
        "1 ",
        " 1",
        "1_000",
        "٣",
        "1d",
        "1f",
        "--1",
        "1e5.0",
        "1e5e5"
      })
  void anInvalidDecimalIsRefused(String text) {
    assertThat(WireDecimal.plain(text)).isNull();
  }

  @Test
  void aTextOfMillionsOfDigitsIsRefusedWithoutBeingRead() {
    assertThat(WireDecimal.plain("9".repeat(5_000_000))).isNull();
    assertThat(WireDecimal.plain("0." + "0".repeat(5_000_000))).isNull();
  }

  @Test
  void zeroIsRecognisedInEverySpelling() {
    assertThat(WireDecimal.isZero("0")).isTrue();
    assertThat(WireDecimal.isZero("0.00")).isTrue();
    assertThat(WireDecimal.isZero("-0")).isTrue();
    assertThat(WireDecimal.isZero("0.00008")).isFalse();
    assertThat(WireDecimal.isNegative("-0.0")).isFalse();
    assertThat(WireDecimal.isNegative("-0.1")).isTrue();
    assertThat(WireDecimal.isNegative("0.1")).isFalse();
  }

  @Test
  void randomNumbersAgreeWithBigDecimal() {
    long seed = Long.getLong("marketstream.seed", 20261123L);
    System.out.println("WireDecimalTest seed " + seed);
    Random random = new Random(seed);
    int inside = 0;
    for (int i = 0; i < 50_000; i++) {
      String text = randomDecimal(random);
      BigDecimal exact = new BigDecimal(text);
      String plain = WireDecimal.plain(text);
      if (isWithinBounds(exact)) {
        inside++;
        assertThat(plain).as("seed %d, text %s", seed, text).isNotNull();
        assertThat(plain).as("plain notation of %s", text).matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
        assertThat(new BigDecimal(plain))
            .as("seed %d, text %s", seed, text)
            .isEqualByComparingTo(exact);
        assertThat(WireDecimal.isZero(plain)).isEqualTo(exact.signum() == 0);
        assertThat(WireDecimal.isNegative(plain)).isEqualTo(exact.signum() < 0);
      } else {
        assertThat(plain).as("seed %d, text %s", seed, text).isNull();
      }
    }
    assertThat(inside).as("seed %d", seed).isBetween(10_000, 49_000);
  }

  private static String randomDecimal(Random random) {
    StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "-" : "");
    digits(text, random, 1 + random.nextInt(random.nextInt(10) == 0 ? 44 : 12));
    if (random.nextBoolean()) {
      text.append('.');
      digits(text, random, 1 + random.nextInt(random.nextInt(10) == 0 ? 44 : 12));
    }
    if (random.nextInt(3) == 0) {
      text.append(random.nextBoolean() ? 'e' : 'E');
      int exponent = random.nextInt(121) - 60;
      text.append(exponent >= 0 && random.nextBoolean() ? "+" : "").append(exponent);
    }
    return text.toString();
  }

  private static void digits(StringBuilder text, Random random, int count) {
    boolean zeros = random.nextInt(8) == 0;
    for (int i = 0; i < count; i++) {
      text.append(zeros ? '0' : (char) ('0' + random.nextInt(10)));
    }
  }

  /** The rules, implemented with BigDecimal: 40 significant digits, exponent within ±40. */
  private static boolean isWithinBounds(BigDecimal number) {
    if (number.signum() == 0) {
      return Math.abs(number.scale()) <= 40;
    }
    int exponent = number.precision() - number.scale() - 1;
    return number.precision() <= 40 && Math.abs(exponent) <= 40;
  }
}
