package io.marketstream.api.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.api.market.Instrument;
import io.marketstream.api.market.Tick;
import io.marketstream.api.market.TickId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FirstConnectionTest {
  private static final long OPENED = 1_763_900_000_000L;

  private final List<Tick> stored = new ArrayList<>();

  @Test
  void itIsTheSessionOfTheFirstTick() {
    store(OPENED, "live");
    store(OPENED + 60_000, "live");

    assertThat(openedAt()).contains(OPENED);
  }

  @Test
  void ticksOfFeedsWithoutTradeIdsHaveNoOrigin() {
    store(OPENED, null);

    assertThat(openedAt()).contains(OPENED);
  }

  /** Repaired ticks are written later, so they expire later than the ticks before them. */
  @Test
  void repairedTicksCameOverNoConnection() {
    for (int tick = 0; tick < FirstConnection.PAGE + 5; tick++) {
      store(1, "repair");
    }
    store(OPENED, "live");

    assertThat(openedAt()).contains(OPENED);
  }

  @Test
  void anHourOfRepairedTicksHasNone() {
    assertThat(openedAt()).isEmpty();

    store(1, "repair");

    assertThat(openedAt()).isEmpty();
  }

  private Optional<Long> openedAt() {
    return FirstConnection.openedAt(this::ascending).join();
  }

  private CompletableFuture<List<Tick>> ascending(TickId after, int limit) {
    return CompletableFuture.completedFuture(
        stored.stream()
            .filter(tick -> after == null || tick.id().compareTo(after) > 0)
            .limit(limit)
            .toList());
  }

  /** Stores a tick a millisecond after the previous one. */
  private void store(long session, String origin) {
    int number = stored.size();
    stored.add(
        new Tick(
            new Instrument("coinbase", "BTC-USD"),
            new TickId(OPENED + number, session, number),
            "trade",
            BigDecimal.ONE,
            BigDecimal.ONE,
            List.of(),
            OPENED + number,
            "7",
            "buy",
            origin));
  }
}
