package io.marketstream.auditor.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.TopicTick;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Ticks come out as they went in, to the last digit. */
class TickBufferTest {
  private static final long SEED = Long.getLong("marketstream.seed", 20261128L);

  @Test
  void ticksComeOutAsTheyWentIn() {
    Random random = new Random(SEED);
    TickBuffer buffer = new TickBuffer("market_data", 3);
    List<TopicTick> ticks = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      TopicTick tick =
          new TopicTick(
              new RecordPosition("market_data", 3, i * 3L + random.nextInt(3)), tick(random));
      ticks.add(tick);
      buffer.add(tick.position().offset(), tick.tick());
    }

    List<TopicTick> read = new ArrayList<>();
    buffer.iterator().forEachRemaining(read::add);
    assertThat(read).as("seed %d", SEED).isEqualTo(ticks);
    assertThat(buffer.ticks()).isEqualTo(20_000);
  }

  @Test
  void aSingleTickComesOutAsItWentIn() {
    Tick tick = tick(new Random(SEED));
    RecordPosition position = new RecordPosition("market_data", 5, Long.MAX_VALUE);
    TickRecord record = new TickRecord(position, "finnhub", "A", tick);

    assertThat(TickRecord.tick(position, record.encodedTick()))
        .isEqualTo(new TopicTick(position, tick));
    assertThat(
            TickRecord.unreadable(
                position, new TickRecord(position, null, "A", null).encodedNames()))
        .isEqualTo(new UnreadableRecord(position, "unknown", "A"));
  }

  private static Tick tick(Random random) {
    return new Tick(
        new TickId(random.nextLong(), random.nextInt(3) == 0 ? random.nextLong() : 7),
        random.nextLong() / 4,
        random.nextInt(),
        random.nextBoolean() ? "trade" : "price",
        new BigDecimal(random.nextLong()).movePointLeft(random.nextInt(12)),
        random.nextBoolean() ? null : new BigDecimal("0.000" + random.nextInt(9) + "0"),
        random.nextBoolean() ? List.of() : List.of("1", "größer", ""),
        random.nextBoolean() ? null : "" + random.nextLong(),
        random.nextBoolean() ? null : "sell",
        random.nextBoolean() ? null : "repair");
  }
}
