package io.marketstream.api.query;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that many clients share for a short time, so that their number does not change the load
 * of the database. A failure is not kept. Thread-safe.
 */
final class Cached<T> {
  private final long maxAgeNanos;
  private final LongSupplier nanoTime;
  private final Supplier<CompletableFuture<T>> ask;
  private @Nullable CompletableFuture<T> answer;
  private long askedAt;

  Cached(Duration maxAge, LongSupplier nanoTime, Supplier<CompletableFuture<T>> ask) {
    this.maxAgeNanos = maxAge.toNanos();
    this.nanoTime = nanoTime;
    this.ask = ask;
  }

  synchronized CompletableFuture<T> get() {
    long now = nanoTime.getAsLong();
    CompletableFuture<T> known = answer;
    if (known == null
        || known.isCompletedExceptionally()
        || (known.isDone() && now - askedAt > maxAgeNanos)) {
      known = ask.get();
      answer = known;
      askedAt = now;
    }
    return known;
  }
}
