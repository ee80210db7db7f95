package io.marketstream.spark.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import io.marketstream.model.TradeSide;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.Tick;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TickCodecTest {
  private static final Tick FULL =
      new Tick(
          new RecordPosition("market_data", 3, Long.MAX_VALUE),
          "finnhub",
          "IC MARKETS:1 €𝄞",
          TickKind.TRADE,
          "123456789012345678.123456789012",
          "0.000000000000000001",
          List.of("1", "12"),
          1_763_900_000_000L,
          1_763_900_000_050L,
          1_763_899_990_000L,
          0,
          "x".repeat(64),
          TradeSide.BUY,
          TickOrigin.REPAIR);

  private static final Tick BARE =
      new Tick(
          new RecordPosition("t", 0, 0), "c", "x", TickKind.PRICE, "-1", null, null, 0, 1, 2, 3);

  @Test
  void aTickComesBackAsItWas() {
    assertThat(TickCodec.decode(TickCodec.encode(FULL))).isEqualTo(FULL);
    assertThat(TickCodec.decode(TickCodec.encode(BARE))).isEqualTo(BARE);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"1,SELL,LIVE", "-,BUY,-", "-,-,LIVE", "7,-,-", "'',SELL,REPAIR"})
  void tradeIdSideAndOriginAreIndependent(
      @Nullable String tradeId, @Nullable TradeSide side, @Nullable TickOrigin origin) {
    Tick tick =
        new Tick(
            BARE.at(),
            "c",
            "x",
            TickKind.PRICE,
            "-1",
            null,
            null,
            0,
            1,
            2,
            3,
            tradeId,
            side,
            origin);

    assertThat(TickCodec.decode(TickCodec.encode(tick))).isEqualTo(tick);
  }

  @Test
  void noConditionsDifferFromAnEmptyList() {
    Tick empty = new Tick(BARE.at(), "c", "x", TickKind.PRICE, "-1", null, List.of(), 0, 1, 2, 3);

    assertThat(TickCodec.decode(TickCodec.encode(empty)).conditions()).isEmpty();
    assertThat(TickCodec.decode(TickCodec.encode(BARE)).conditions()).isNull();
  }

  @Test
  void theKeyIsSourceAndSymbol() {
    assertThat(TickCodec.key(TickCodec.encode(FULL))).isEqualTo("finnhub IC MARKETS:1 €𝄞");
  }

  @Test
  void integersAndDecimalsComeBackAtTheirLimits() {
    List<Long> longs = List.of(0L, -1L, 63L, 64L, -64L, -65L, Long.MAX_VALUE, Long.MIN_VALUE);
    List<BigDecimal> decimals =
        List.of(
            new BigDecimal("0.00"),
            new BigDecimal("-1E+40"),
            new BigDecimal("1E-80"),
            new BigDecimal("9".repeat(200)));
    BinaryWriter out = new BinaryWriter();
    longs.forEach(out::writeLong);
    decimals.forEach(out::writeDecimal);

    BinaryReader in = new BinaryReader(out.toBytes());

    assertThat(longs).allSatisfy(value -> assertThat(in.readLong()).isEqualTo(value));
    assertThat(decimals).allSatisfy(value -> assertThat(in.readDecimal()).isEqualTo(value));
    assertThat(in.isAtEnd()).isTrue();
  }
}
