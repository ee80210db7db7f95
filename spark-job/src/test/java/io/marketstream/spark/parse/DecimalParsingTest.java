package io.marketstream.spark.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.RejectReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parsing of decimals, which are checked before they become numbers. */
class DecimalParsingTest extends ParserFixture {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-37.63",
        "1.50",
        "1e40",
        "1.5E-40",
        "0.000000000000000001",
        "1000000000000",
        "123456789012345678.123456789012",
        "1234567890123456789012345678901234567890",
        "0.0000000000000000000000000000000000000001234567890123456789012345678901234567890",
        "10000000000000000000000000000000000000000"
      })
  void aDecimalWithinTheBoundsKeepsItsDigits(String price) {
    assertThat(tick(TICK.replace("164.0601", price)).price()).isEqualTo(price);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        ".5",
        "5.",
        "1,5",
        "+1",
        " 1",
        "0x10",
        "NaN",
        "Infinity",
        "1e",
        "1e+",
        "1e5x",
        "1d",
        "\u0661",
        "1e41",
        "1e-41",
        "1e999999999",
        "0e999",
        "12345678901234567890123456789012345678901",
        "0.12345678901234567890123456789012345678901"
      })
  void anAbsurdDecimalIsRejected(String price) {
    assertRejected(TICK.replace("164.0601", price), RejectReason.INVALID_DECIMAL, "price");
  }

  @Test
  void aDecimalOfAMegabyteIsRejected() {
    assertRejected(
        TICK.replace("164.0601", "9".repeat(1_000_000)), RejectReason.INVALID_DECIMAL, "price");
  }
}
