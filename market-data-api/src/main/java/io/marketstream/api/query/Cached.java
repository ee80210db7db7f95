package io.marketstream.api.query;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that many clients share for a short time, so that their number does not change the load
 * of the database. After some time it is asked for again. Meanwhile the old answer is given, until
 * it is twice as old, so that no client waits. A failure is not kept. Thread-safe.
 */
final class Cached<T> {
  private final long renewAfterNanos;
  private final LongSupplier nanoTime;
  private final Supplier<CompletableFuture<T>> ask;
  private @Nullable Answer<T> current; // guarded by this
  private @Nullable Answer<T> next; // guarded by this; asked for while the current one is given

  private record Answer<T>(CompletableFuture<T> future, long askedAt) {}

  Cached(Duration renewAfter, LongSupplier nanoTime, Supplier<CompletableFuture<T>> ask) {
    this.renewAfterNanos = renewAfter.toNanos();
    this.nanoTime = nanoTime;
    this.ask = ask;
  }

  synchronized CompletableFuture<T> get() {
    long now = nanoTime.getAsLong();
    Answer<T> asked = next;
    if (asked != null && asked.future.isCompletedExceptionally()) {
      next = null; // the current answer is given until it is too old
    } else if (asked != null
        && (asked.future.isDone() || isOlderThan(2 * renewAfterNanos, current, now))) {
      current = asked;
      next = null;
    }
    Answer<T> known = current;
    if (known == null
        || known.future.isCompletedExceptionally()
        || isOlderThan(2 * renewAfterNanos, known, now)) {
      known = new Answer<>(ask.get(), now);
      current = known;
      next = null;
    } else if (next == null && isOlderThan(renewAfterNanos, known, now)) {
      next = new Answer<>(ask.get(), now);
    }
    return known.future;
  }

  /** Whether an answer is there and was asked for too long ago. */
  private boolean isOlderThan(long nanos, @Nullable Answer<T> answer, long now) {
    return answer != null && answer.future.isDone() && now - answer.askedAt > nanos;
  }
}
