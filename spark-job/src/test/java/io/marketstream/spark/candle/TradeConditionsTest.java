package io.marketstream.spark.candle;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.spark.candle.TradeConditions.Permission;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TradeConditionsTest {
  private static final Permission ALL = new Permission(true, true, true, false);

  private final TradeConditions conditions = TradeConditions.finnhub();

  @Test
  void noCodeRestrictsNothing() {
    assertThat(conditions.permission(null)).isEqualTo(ALL);
    assertThat(conditions.permission(List.of())).isEqualTo(ALL);
  }

  @Test
  void aCodeAllowsWhatTheListSays() {
    assertThat(conditions.permission(List.of("1"))).isEqualTo(ALL);
    assertThat(conditions.permission(List.of("12")))
        .isEqualTo(new Permission(false, false, true, false));
    assertThat(conditions.permission(List.of("9")))
        .isEqualTo(new Permission(false, true, true, false));
    assertThat(conditions.permission(List.of("16")))
        .isEqualTo(new Permission(false, false, false, false));
  }

  /** The closing auction of a Nasdaq stock is 36, that of an NYSE stock 35. */
  @ParameterizedTest
  @ValueSource(strings = {"19", "31", "33", "34", "35", "36"})
  void auctionsAndReopeningsMoveEverything(String code) {
    assertThat(conditions.permission(List.of(code))).isEqualTo(ALL);
  }

  @Test
  void extendedHoursAreMarked() {
    assertThat(conditions.permission(List.of("24")))
        .isEqualTo(new Permission(true, true, true, true));
    assertThat(conditions.permission(List.of("25")))
        .isEqualTo(new Permission(false, false, true, true));
    assertThat(conditions.permission(List.of("1", "24", "12")))
        .isEqualTo(new Permission(false, false, true, true));
  }

  @Test
  void severalCodesAllowWhatAllOfThemAllow() {
    assertThat(conditions.permission(List.of("1", "9", "39")))
        .isEqualTo(new Permission(false, true, false, false));
  }

  @Test
  void anUnknownCodeRestrictsNothingAndIsReported() {
    assertThat(conditions.permission(List.of("99"))).isEqualTo(ALL);
    assertThat(conditions.permission(List.of("99", "12")))
        .isEqualTo(new Permission(false, false, true, false));
    assertThat(conditions.areKnown(List.of("41", "99"))).isFalse();
    assertThat(conditions.areKnown(List.of("41"))).isTrue();
  }
}
