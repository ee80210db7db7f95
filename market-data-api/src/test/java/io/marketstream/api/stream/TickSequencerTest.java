package io.marketstream.api.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.api.market.Instrument;
import io.marketstream.api.market.Tick;
import io.marketstream.api.market.TickId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TickSequencerTest {
  private final TickSequencer sequencer = new TickSequencer(1_000, 2_000);

  @Test
  void aTickWaitsForTheOneBefore() {
    sequencer.begin(List.of(tick(1, 0)), 0);

    assertThat(sequencer.offer(List.of(tick(1, 2)), 0)).isEmpty();
    assertThat(numbers(sequencer.offer(List.of(tick(1, 2), tick(1, 1)), 200)))
        .containsExactly(1L, 2L);
    assertThat(sequencer.isWaiting()).isFalse();
  }

  @Test
  void aTickDoesNotWaitForEver() {
    sequencer.begin(List.of(tick(1, 0)), 0);

    assertThat(sequencer.offer(List.of(tick(1, 2)), 0)).isEmpty();
    assertThat(sequencer.offer(List.of(), 999)).isEmpty();
    assertThat(numbers(sequencer.offer(List.of(), 1_000))).containsExactly(2L);
  }

  /** Late prints are not read. Each is a hole, and holes must not add up. */
  @Test
  void manyHolesDoNotAddUp() {
    sequencer.begin(List.of(tick(1, 0)), 0);
    List<Tick> everySecond = new ArrayList<>();
    for (int i = 2; i <= 200; i += 2) {
      everySecond.add(tick(1, i));
    }

    assertThat(sequencer.offer(everySecond, 0)).isEmpty();
    assertThat(sequencer.offer(List.of(), 1_000)).isEqualTo(everySecond);
  }

  @Test
  void afterAnEmptyStartEveryTickIsNew() {
    sequencer.begin(List.of(), 0);

    assertThat(numbers(sequencer.offer(List.of(tick(1, 0), tick(1, 1)), 0)))
        .containsExactly(0L, 1L);
  }

  @Test
  void ticksBeforeTheStartAreNotReturned() {
    sequencer.begin(List.of(tick(1, 4), tick(1, 5)), 0);

    assertThat(sequencer.offer(List.of(tick(1, 4), tick(1, 5)), 0)).isEmpty();
    assertThat(numbers(sequencer.offer(List.of(tick(1, 6)), 0))).containsExactly(6L);
  }

  @Test
  void aTickWithoutAnEarlierOneAtTheStartWaits() {
    sequencer.begin(List.of(tick(1, 4), tick(1, 5), tick(1, 8)), 0);

    assertThat(sequencer.last()).isEqualTo(tick(1, 5));
    assertThat(numbers(sequencer.offer(List.of(tick(1, 7), tick(1, 6)), 10)))
        .containsExactly(6L, 7L, 8L);
  }

  @Test
  void aNewConnectionBeginsAtZero() {
    sequencer.begin(List.of(tick(1, 9)), 0);

    assertThat(sequencer.offer(List.of(tick(2, 1)), 0)).isEmpty();
    assertThat(numbers(sequencer.offer(List.of(tick(2, 0)), 0))).containsExactly(0L, 1L);
  }

  /** Whatever the order in which rows become readable, each comes once and in order. */
  @Test
  void anyOrderComesOutInOrder() {
    long seed = Long.getLong("marketstream.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    sequencer.begin(List.of(tick(1, 0)), 0);
    List<Tick> all = new ArrayList<>();
    for (int i = 1; i <= 500; i++) {
      all.add(tick(1, i));
    }
    List<Tick> out = new ArrayList<>();
    List<Tick> readable = new ArrayList<>();
    for (int from = 0; from < all.size(); from += 25) {
      List<Tick> batch = new ArrayList<>(all.subList(from, from + 25));
      Collections.shuffle(batch, random);
      int first = random.nextInt(batch.size());
      readable.addAll(batch.subList(0, first));
      out.addAll(sequencer.offer(readable, from));
      readable.addAll(batch.subList(first, batch.size()));
      out.addAll(sequencer.offer(readable, from));
    }

    assertThat(out).containsExactlyElementsOf(all);
  }

  private static List<Long> numbers(List<Tick> ticks) {
    return ticks.stream().map(tick -> tick.id().sequence()).toList();
  }

  private static Tick tick(long session, long sequence) {
    return new Tick(
        new Instrument("s", "A"),
        new TickId(sequence, session, sequence),
        "trade",
        BigDecimal.ONE,
        null,
        List.of(),
        sequence);
  }
}
