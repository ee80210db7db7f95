package io.marketstream.api.query;

import io.marketstream.api.market.Tick;
import io.marketstream.api.market.TickId;
import io.marketstream.model.TickOrigin;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds the connection that delivered the first ticks of an hour. */
final class FirstConnection {
  /** Usually the first row is from a connection. */
  private static final int FIRST_PAGE = 1;

  /** The limit of rows that are in memory at once. */
  static final int PAGE = 1_000;

  private FirstConnection() {}

  /** Reads the ticks of the hour, the oldest first. */
  interface Ticks {
    /**
     * Reads some ticks.
     *
     * @param after only newer ones; null for all
     */
    CompletableFuture<List<Tick>> ascending(@Nullable TickId after, int limit);
  }

  /**
   * Returns when the connection opened, epoch ms, or empty if no tick of the hour came over a
   * connection. A session's number is the time at which its connection opened. Repaired ticks have
   * a session that is no connection.
   */
  static CompletableFuture<Optional<Long>> openedAt(Ticks ticks) {
    return openedAt(ticks, null, FIRST_PAGE);
  }

  private static CompletableFuture<Optional<Long>> openedAt(
      Ticks ticks, @Nullable TickId after, int limit) {
    return ticks
        .ascending(after, limit)
        .thenCompose(
            page -> {
              Optional<Tick> first = page.stream().filter(tick -> !isRepaired(tick)).findFirst();
              return first.isPresent() || page.size() < limit
                  ? CompletableFuture.completedFuture(first.map(tick -> tick.id().session()))
                  : openedAt(ticks, page.get(page.size() - 1).id(), PAGE);
            });
  }

  private static boolean isRepaired(Tick tick) {
    return TickOrigin.REPAIR.wireName().equals(tick.origin());
  }
}
