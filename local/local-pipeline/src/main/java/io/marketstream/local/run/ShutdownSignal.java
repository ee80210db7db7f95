package io.marketstream.local.run;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * The request to end a run, which SIGINT, SIGTERM or SIGHUP makes.
 *
 * <ul>
 *   <li>The first signal asks for an orderly end, with a drain.
 *   <li>The second signal skips the drain.
 *   <li>A signal while components are being stopped kills them.
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
public final class ShutdownSignal {
  private final CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
  private final CompletableFuture<@Nullable Void> second = new CompletableFuture<>();
  private volatile @Nullable Runnable whileStopping;

  /** Returns a shutdown signal that the signals to this process trigger. */
  public static ShutdownSignal ofProcess() {
    ShutdownSignal shutdown = new ShutdownSignal();
    for (String signal : List.of("INT", "TERM", "HUP")) {
      Signals.register(signal, shutdown::signal);
    }
    return shutdown;
  }

  /** Does what a signal to the process does. */
  public void signal() {
    Runnable kill = whileStopping;
    if (!first.complete(null)) {
      second.complete(null);
      if (kill != null) {
        kill.run();
      }
    }
  }

  /** Sets what the next signal runs, on the thread of that signal. */
  void whileStopping(Runnable kill) {
    whileStopping = kill;
  }

  /** Returns whether a signal has come. */
  public boolean isRequested() {
    return first.isDone();
  }

  /** Waits for the first signal, and returns whether it has come. */
  boolean await(Duration timeout) {
    return await(first, timeout);
  }

  /** Waits for the second signal, and returns whether it has come. */
  boolean awaitSecond(Duration timeout) {
    return await(second, timeout);
  }

  /** Completes with the first signal. */
  CompletableFuture<@Nullable Void> requested() {
    return first;
  }

  private static boolean await(CompletableFuture<@Nullable Void> signal, Duration timeout) {
    try {
      signal.get(Math.max(0, timeout.toMillis()), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("A signal never fails", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
