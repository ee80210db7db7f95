package io.marketstream.pipeline;

import io.marketstream.local.component.Component;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Does the same with several components at the same time, each on a thread of its own. */
public final class Together {
  private Together() {}

  /**
   * Returns when it is done with all of them.
   *
   * @throws RuntimeException the first that was thrown
   */
  public static <C extends Component> void on(List<C> components, Consumer<? super C> action) {
    if (components.isEmpty()) {
      return;
    }
    ExecutorService threads = Executors.newFixedThreadPool(components.size());
    try {
      CompletableFuture.allOf(
              components.stream()
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
