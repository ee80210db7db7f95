package io.marketstream.api.cassandra;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Asks again for about 15 seconds while Cassandra does not answer. */
public final class Retry {
  static final long FIRST_DELAY_MS = 500;
  private static final int MAX_TRIES = 6;

  private Retry() {}

  /**
   * Waits for an answer.
   *
   * @param ask asks, and asks again
   * @throws DatabaseUnavailableException if no answer came, the query is wrong, or the thread was
   *     interrupted
   */
  public static <T> T await(Supplier<CompletableFuture<T>> ask) {
    return await(ask.get(), ask, FIRST_DELAY_MS);
  }

  static <T> T await(
      CompletableFuture<T> first, Supplier<CompletableFuture<T>> again, long firstDelayMs) {
    CompletableFuture<T> answer = first;
    long delay = firstDelayMs;
    try {
      for (int tries = 1; ; tries++) {
        try {
          return answer.get();
        } catch (ExecutionException e) {
          Throwable cause = e.getCause() == null ? e : e.getCause();
          if (tries == MAX_TRIES || !Database.isUnavailable(cause)) {
            throw new DatabaseUnavailableException("Cassandra did not answer a query", cause);
          }
          Thread.sleep(delay);
          delay *= 2;
          answer = again.get();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseUnavailableException("the query was interrupted", e);
    }
  }
}
