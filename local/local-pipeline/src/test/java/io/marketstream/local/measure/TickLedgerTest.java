package io.marketstream.local.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TickLedgerTest {
  private static final Instant START = Instant.parse("2026-11-23T10:30:00Z");
  private static final long SESSION = START.toEpochMilli() + 5;

  private final TickLedger ledger = new TickLedger(START);

  @Test
  void aTickThatIsReadTwiceCountsOnce() {
    assertThat(ledger.add(partition("AAPL", START), SESSION, 0)).isTrue();
    assertThat(ledger.add(partition("AAPL", START), SESSION, 0)).isFalse();
    assertThat(ledger.size()).isEqualTo(1);
  }

  @Test
  void theSameNumberOfAnotherSymbolOrSessionIsAnotherTick() {
    ledger.add(partition("AAPL", START), SESSION, 0);
    ledger.add(partition("MSFT", START), SESSION, 0);
    ledger.add(partition("AAPL", START), SESSION + 1, 0);

    assertThat(ledger.size()).isEqualTo(3);
  }

  @Test
  void aTickOfASessionBeforeTheRunDoesNotCount() {
    assertThat(ledger.add(partition("AAPL", START), START.toEpochMilli() - 1, 7)).isFalse();
    assertThat(ledger.size()).isZero();
  }

  @Test
  void thePartitionsThatLackSomethingAreNamed() {
    TickLedger other = new TickLedger(START);
    ledger.add(partition("AAPL", START), SESSION, 0);
    ledger.add(partition("MSFT", START), SESSION, 0);
    other.add(partition("AAPL", START), SESSION, 0);

    assertThat(ledger.aheadOf(other)).containsExactly(partition("MSFT", START));
    other.add(partition("MSFT", START), SESSION, 0);
    assertThat(ledger.aheadOf(other)).isEmpty();
  }

  @Test
  void theHourOfAPartitionIsThatOfTheEventTime() {
    assertThat(partition("AAPL", Instant.parse("2026-11-23T10:59:59.999Z")).hour())
        .isEqualTo(Instant.parse("2026-11-23T10:00:00Z"));
  }

  @Test
  void aSetOfRangesCountsLikeASetOfNumbers() {
    long seed = Long.getLong("marketstream.seed", 20261123L);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    SequenceSet ranges = new SequenceSet();
    Set<Long> numbers = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      long number = random.nextInt(4_000);
      assertThat(ranges.add(number)).isEqualTo(numbers.add(number));
      assertThat(ranges.size()).isEqualTo(numbers.size());
    }
  }

  private static TickLedger.Partition partition(String symbol, Instant eventTime) {
    return TickLedger.Partition.of("finnhub-sim", symbol, eventTime);
  }
}
