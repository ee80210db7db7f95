package io.marketstream.api.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetWritersTest {
  private static final Column PRICE = Column.required("price", ColumnType.PRICE);
  private static final Column VOLUME = Column.required("volume", ColumnType.VOLUME);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "1",
        "-1",
        "227.4200",
        "66973.45903944553923237685",
        "0.000000000000000000000001",
        "-0.000000000000000000000001",
        "99999999999999.999999999999999999999999",
        "-99999999999999.999999999999999999999999",
        "1.0000000000000000000000"
      })
  void aDecimalKeepsItsValue(String text) {
    byte[] bytes = ParquetWriters.bytes(PRICE, new BigDecimal(text));

    assertThat(bytes).hasSize(16);
    assertThat(new BigDecimal(new BigInteger(bytes), 24)).isEqualByComparingTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1E-25", "1E+14", "-1E+14", "1E-40", "1E+40"})
  void aDecimalThatDoesNotFitIsNotRounded(String text) {
    assertThatThrownBy(() -> ParquetWriters.bytes(PRICE, new BigDecimal(text)))
        .isInstanceOf(InexactDecimalException.class)
        .hasMessage(
            "price " + text + " does not fit a decimal of 38 digits, 24 of them after the point");
  }

  @Test
  void aVolumeHasFewerPlacesAndMoreDigits() {
    byte[] bytes = ParquetWriters.bytes(VOLUME, new BigDecimal("1E+19"));

    assertThat(new BigDecimal(new BigInteger(bytes), 18)).isEqualByComparingTo("1E+19");
    assertThatThrownBy(() -> ParquetWriters.bytes(VOLUME, new BigDecimal("1E-19")))
        .isInstanceOf(InexactDecimalException.class);
  }
}
