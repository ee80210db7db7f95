package io.marketstream.spark.candle;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.spark.candle.TradeConditions.Permission;
import java.util.List;
import org.junit.jupiter.api.Test;

class TradeConditionsTest {
  private final TradeConditions conditions = TradeConditions.finnhub();

  @Test
  void noCodeRestrictsNothing() {
    assertThat(conditions.permission(null)).isEqualTo(new Permission(true, true, true));
    assertThat(conditions.permission(List.of())).isEqualTo(new Permission(true, true, true));
  }

  @Test
  void aCodeAllowsWhatTheListSays() {
    assertThat(conditions.permission(List.of("1"))).isEqualTo(new Permission(true, true, true));
    assertThat(conditions.permission(List.of("12"))).isEqualTo(new Permission(false, false, true));
    assertThat(conditions.permission(List.of("9"))).isEqualTo(new Permission(false, true, true));
    assertThat(conditions.permission(List.of("20"))).isEqualTo(new Permission(false, true, false));
    assertThat(conditions.permission(List.of("16"))).isEqualTo(new Permission(false, false, false));
  }

  @Test
  void severalCodesAllowWhatAllOfThemAllow() {
    assertThat(conditions.permission(List.of("1", "9", "20")))
        .isEqualTo(new Permission(false, true, false));
  }

  @Test
  void anUnknownCodeRestrictsNothingAndIsTold() {
    assertThat(conditions.permission(List.of("99"))).isEqualTo(new Permission(true, true, true));
    assertThat(conditions.permission(List.of("99", "12")))
        .isEqualTo(new Permission(false, false, true));
    assertThat(conditions.isUnknown("99")).isTrue();
    assertThat(conditions.isUnknown("41")).isFalse();
  }
}
