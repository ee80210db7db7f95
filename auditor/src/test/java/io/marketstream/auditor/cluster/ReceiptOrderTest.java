package io.marketstream.auditor.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.TickRow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sorts rows from event time to time of receipt, and holds only the rows within the delay. */
class ReceiptOrderTest {
  private static final long SEED = Long.getLong("marketstream.seed", 20261128L);
  private static final int AHEAD_MS = 30_000;
  private static final int DELAY_MS = 60_000;

  @Test
  void rowsAreSortedByReceipt() {
    List<TickRow> rows = rows(5_000);
    List<TickRow> byEventTime =
        rows.stream().sorted(Comparator.comparingLong(row -> row.tick().eventTime())).toList();

    List<TickRow> sorted = new ArrayList<>();
    new ReceiptOrder(byEventTime.iterator(), AHEAD_MS).forEachRemaining(sorted::add);

    assertThat(sorted).as("seed %d", SEED).isEqualTo(rows);
  }

  @Test
  void onlyTheRowsOfTheDelayAreHeld() {
    Iterator<TickRow> source =
        rows(5_000).stream()
            .sorted(Comparator.comparingLong(row -> row.tick().eventTime()))
            .iterator();
    long[] taken = new long[1];
    Iterator<TickRow> counted =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return source.hasNext();
          }

          @Override
          public TickRow next() {
            taken[0]++;
            return source.next();
          }
        };
    ReceiptOrder sorted = new ReceiptOrder(counted, AHEAD_MS);

    for (int i = 1; i <= 4_000; i++) {
      sorted.next();
      // One row per 100 ms.
      assertThat(taken[0] - i).isLessThan((2 * AHEAD_MS + DELAY_MS) / 100 + 10);
    }
  }

  private static List<TickRow> rows(int count) {
    Random random = new Random(SEED);
    List<TickRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long received = 1_000_000 + i * 100L;
      long eventTime = received + AHEAD_MS - random.nextInt(AHEAD_MS + DELAY_MS);
      Tick tick =
          new Tick(new TickId(1, i), eventTime, received, "price", BigDecimal.ONE, null, List.of());
      rows.add(new TickRow(tick, 0, received));
    }
    return rows;
  }
}
