package io.marketstream.local.run;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jline.utils.Signals;

/**
 * The wish of the person at the terminal, or of the system, that the run ends: SIGINT, SIGTERM or
 * SIGHUP. The first asks for an orderly end, the second for one without waiting for what is on its
 * way. One that comes while the components are being stopped ends them at once. Safe for use by
 * several threads.
 */
public final class ShutdownSignal {
  private final CompletableFuture<Void> first = new CompletableFuture<>();
  private final CompletableFuture<Void> second = new CompletableFuture<>();
  private volatile Runnable whileStopping;

  /** Takes the signals of this process over. */
  public static ShutdownSignal bySignals() {
    ShutdownSignal request = new ShutdownSignal();
    List.of("INT", "TERM", "HUP").forEach(signal -> Signals.register(signal, request::signal));
    return request;
  }

  /** As one signal does. */
  public void signal() {
    Runnable impatient = whileStopping;
    if (!first.complete(null)) {
      second.complete(null);
      if (impatient != null) {
        impatient.run();
      }
    }
  }

  /** From now on a further request runs this, on the thread of the signal. */
  void whileStopping(Runnable impatient) {
    whileStopping = impatient;
  }

  /** Whether it was asked for. */
  public boolean isRequested() {
    return first.isDone();
  }

  /** Waits for the request; true when it was made. */
  boolean await(Duration bound) {
    return await(first, bound);
  }

  /** Waits for the second request; true when it was made. */
  boolean awaitUrgent(Duration bound) {
    return await(second, bound);
  }

  /** Done with the first request. */
  CompletableFuture<Void> requested() {
    return first;
  }

  private static boolean await(CompletableFuture<Void> request, Duration bound) {
    try {
      request.get(Math.max(0, bound.toMillis()), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("A request never fails", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
