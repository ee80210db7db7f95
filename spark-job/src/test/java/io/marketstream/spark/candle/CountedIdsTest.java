package io.marketstream.spark.candle;

import static io.marketstream.spark.candle.CountedIds.Verdict.DUPLICATE;
import static io.marketstream.spark.candle.CountedIds.Verdict.FORGOTTEN;
import static io.marketstream.spark.candle.CountedIds.Verdict.NEW;
import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.spark.codec.BinaryReader;
import io.marketstream.spark.codec.BinaryWriter;
import io.marketstream.spark.record.TradeIds;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CountedIdsTest {
  private final CountedIds ids = new CountedIds();

  @Test
  void everyIdIsNewOnce() {
    long seed = Long.getLong("marketstream.seed", 20261129L);
    Random random = new Random(seed);
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      long id = random.nextInt(400);
      assertThat(ids.add(id)).as("seed %d", seed).isEqualTo(seen.add(id) ? NEW : DUPLICATE);
    }
  }

  @Test
  void idsWithoutHolesAreOneRange() {
    LongStream.rangeClosed(1, 1_000_000).forEach(ids::add);

    assertThat(bytes()).hasSizeLessThan(10);
  }

  @Test
  void aRepairJoinsRangesFromEitherEnd() {
    LongStream.of(1, 2, 3, 10, 11, 12, 20, 4, 5, 9, 8, 6, 7).forEach(ids::add);
    LongStream.iterate(19, id -> id > 12, id -> id - 1).forEach(ids::add);
    CountedIds plain = new CountedIds();
    LongStream.rangeClosed(1, 20).forEach(plain::add);

    assertThat(bytes()).isEqualTo(bytes(plain));
  }

  @Test
  void theLowestOf257RangesIsForgotten() {
    for (int i = 1; i <= CountedIds.MAX_RANGES + 1; i++) {
      assertThat(ids.add(10L * i)).isEqualTo(NEW);
    }

    assertThat(ids.add(10)).isEqualTo(FORGOTTEN);
    assertThat(ids.add(9)).isEqualTo(FORGOTTEN);
    assertThat(ids.add(20)).isEqualTo(DUPLICATE);
    assertThat(ids.add(19)).isEqualTo(NEW); // joins the lowest range
    assertThat(ids.add(11)).isEqualTo(NEW); // below all ranges, and forgotten at once
    assertThat(ids.add(11)).isEqualTo(FORGOTTEN);
    assertThat(ids.add(19)).isEqualTo(DUPLICATE);
  }

  @Test
  void theIdsComeBackAsTheyWere() {
    for (int i = 1; i <= 300; i++) {
      ids.add(3L * i);
    }
    ids.add(Long.MAX_VALUE);
    ids.add(Long.MAX_VALUE - 1);
    CountedIds read = CountedIds.read(new BinaryReader(bytes()));

    assertThat(bytes(read)).isEqualTo(bytes());
    assertThat(read.add(Long.MAX_VALUE)).isEqualTo(DUPLICATE);
    assertThat(read.add(3)).isEqualTo(FORGOTTEN);
    assertThat(read.add(900)).isEqualTo(DUPLICATE);
  }

  @Test
  void onlyPlainIntegersAreNumbers() {
    assertThat(TradeIds.number("0")).isZero();
    assertThat(TradeIds.number("1100236127")).isEqualTo(1_100_236_127L);
    assertThat(TradeIds.number("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
    for (String text :
        new String[] {null, "", "01", "-1", "+1", "1.0", "a", "٣", "9223372036854775808"}) {
      assertThat(TradeIds.number(text)).as(text).isEqualTo(TradeIds.NO_NUMBER);
    }
    assertThat(ids.add(TradeIds.NO_NUMBER)).isEqualTo(NEW);
    assertThat(ids.add(TradeIds.NO_NUMBER)).isEqualTo(NEW);
  }

  private byte[] bytes() {
    return bytes(ids);
  }

  private static byte[] bytes(CountedIds ids) {
    BinaryWriter out = new BinaryWriter();
    ids.write(out);
    return out.toBytes();
  }
}
