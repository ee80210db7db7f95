package io.marketstream.pipeline;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Runs the same action for several objects at the same time, each on a thread of its own. */
final class Parallel {
  private Parallel() {}

  /**
   * Returns when the action has ended for all of them.
   *
   * @throws RuntimeException the first exception of an action
   */
  static <T> void run(List<? extends T> all, Consumer<? super T> action) {
    if (all.isEmpty()) {
      return;
    }
    ExecutorService threads = Executors.newFixedThreadPool(all.size());
    try {
      CompletableFuture.allOf(
              all.stream()
                  .map(each -> CompletableFuture.runAsync(() -> action.accept(each), threads))
                  .toArray(CompletableFuture[]::new))
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } finally {
      threads.shutdown();
    }
  }
}
