package io.marketstream.spark.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.TickKind;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.Tick;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

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
          0);

  private static final Tick BARE =
      new Tick(
          new RecordPosition("t", 0, 0), "c", "x", TickKind.PRICE, "-1", null, null, 0, 1, 2, 3);

  @Test
  void aTickComesBackAsItWas() {
    assertThat(TickCodec.decode(TickCodec.encode(FULL))).isEqualTo(FULL);
    assertThat(TickCodec.decode(TickCodec.encode(BARE))).isEqualTo(BARE);
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
