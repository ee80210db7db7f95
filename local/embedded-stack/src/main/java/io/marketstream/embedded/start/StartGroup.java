package io.marketstream.embedded.start;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Starts a set of startables and everything that they depend on, each as soon as its dependencies
 * have started. Independent ones start in parallel.
 *
 * <p>The first failure ends the start: nothing else begins, starts that are under way are
 * interrupted, and what has started is stopped. Stops happen one after the other, in the reverse
 * order of the starts, so that everything stops before what it depends on.
 *
 * <p>A group starts once. {@link #start} and {@link #stop} are called by one thread.
 */
public final class StartGroup implements AutoCloseable {
  private static final Duration INTERRUPT_TIMEOUT = Duration.ofSeconds(30);

  private final List<Startable> inStartOrder;
  private final StartListener listener;
  private final Duration interruptTimeout;
  private final Consumer<Startable> stopOne;
  private final Deque<Startable> started = new ArrayDeque<>(); // newest first; guarded by this
  private boolean beginsNoMore; // guarded by this
  private boolean stopped; // guarded by this

  /**
   * Creates a group.
   *
   * @param members what to start; their dependencies become members too
   * @throws IllegalArgumentException if a startable depends on itself, directly or not
   */
  public StartGroup(Collection<? extends Startable> members, StartListener listener) {
    this(members, listener, Startable::stop);
  }

  /**
   * Creates a group whose members are stopped in a special way.
   *
   * @param stopOne stops one that has started
   */
  public StartGroup(
      Collection<? extends Startable> members,
      StartListener listener,
      Consumer<Startable> stopOne) {
    this(members, listener, INTERRUPT_TIMEOUT, stopOne);
  }

  StartGroup(
      Collection<? extends Startable> members,
      StartListener listener,
      Duration interruptTimeout,
      Consumer<Startable> stopOne) {
    this.inStartOrder = inStartOrder(members);
    this.listener = listener;
    this.interruptTimeout = interruptTimeout;
    this.stopOne = stopOne;
  }

  /**
   * Starts all, and returns once all have started.
   *
   * @throws RuntimeException the first failure, once what had started is stopped
   */
  public void start() {
    start(new CompletableFuture<>());
  }

  /**
   * Starts all, and returns once all have started or the start is cancelled.
   *
   * @param cancellation ends the start when it completes
   * @throws RuntimeException the first failure, once what had started is stopped
   * @throws CancellationException if the start was cancelled. Nothing more begins then. What has
   *     started still runs, until {@link #stop()}.
   */
  public void start(CompletionStage<?> cancellation) {
    ExecutorService threads = Executors.newCachedThreadPool();
    CompletableFuture<?> cancelled = cancellation.toCompletableFuture();
    try {
      CompletableFuture.anyOf(startAll(threads), cancelled).join();
      end(threads);
    } catch (CompletionException | CancellationException e) {
      end(threads);
      Throwable failure = e.getCause() == null ? e : e.getCause();
      if (!cancelled.isDone()) {
        stopAfter(failure);
        throw unchecked(failure);
      }
      // Signals also reach what is being started, which may then fail: the cancellation counts.
      CancellationException cancellationFirst =
          new CancellationException("the start was cancelled");
      cancellationFirst.addSuppressed(failure);
      throw cancellationFirst;
    }
    if (cancelled.isDone()) {
      throw new CancellationException("the start was cancelled");
    }
  }

  /**
   * Stops what has started, the newest first. One that cannot be stopped does not keep the others
   * running.
   *
   * @throws RuntimeException the first failure, with the others as suppressed exceptions
   */
  public void stop() {
    RuntimeException failure = null;
    for (Startable next = takeNewest(); next != null; next = takeNewest()) {
      try {
        listener.stopping(next);
        stopOne.accept(next);
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() {
    stop();
  }

  /** Completes when all have started, and fails with the first failure of one of them. */
  private CompletableFuture<Object> startAll(ExecutorService threads) {
    CompletableFuture<@Nullable Void> firstFailure = new CompletableFuture<>();
    Map<Startable, CompletableFuture<Void>> starts = new LinkedHashMap<>();
    for (Startable startable : inStartOrder) {
      CompletableFuture<?>[] dependencies =
          startable.dependencies().stream().map(starts::get).toArray(CompletableFuture[]::new);
      CompletableFuture<Void> start =
          CompletableFuture.allOf(dependencies).thenRunAsync(() -> startOne(startable), threads);
      starts.put(
          startable,
          start.whenComplete(
              (done, failure) -> {
                if (failure != null) {
                  firstFailure.completeExceptionally(cause(failure));
                }
              }));
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(starts.values().toArray(CompletableFuture[]::new));
    return CompletableFuture.anyOf(all, firstFailure);
  }

  private void startOne(Startable startable) {
    synchronized (this) {
      if (beginsNoMore) {
        throw new CancellationException(startable.name() + " was not started");
      }
    }
    listener.starting(startable);
    startable.start();
    boolean late;
    synchronized (this) {
      late = stopped;
      if (!late) {
        started.addFirst(startable);
      }
    }
    // It ignored the interrupt, and nobody else would stop it any more.
    if (late) {
      stopOne.accept(startable);
    } else {
      listener.started(startable);
    }
  }

  private void end(ExecutorService threads) {
    synchronized (this) {
      beginsNoMore = true;
    }
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(interruptTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return; // startOne stops what ends its start after stop()
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopAfter(Throwable failure) {
    try {
      stop();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Returns the newest that has started and still runs, or null if there is none. */
  private synchronized @Nullable Startable takeNewest() {
    stopped = true;
    return started.pollFirst();
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException exception
        ? exception
        : new IllegalStateException(failure);
  }

  /** Returns the members and all their dependencies, each after what it depends on. */
  private static List<Startable> inStartOrder(Collection<? extends Startable> members) {
    Set<Startable> ordered = new LinkedHashSet<>();
    for (Startable member : members) {
      addAfterDependencies(member, new LinkedHashSet<>(), ordered);
    }
    return new ArrayList<>(ordered);
  }

  private static void addAfterDependencies(
      Startable startable, Set<Startable> path, Set<Startable> ordered) {
    if (ordered.contains(startable)) {
      return;
    }
    if (!path.add(startable)) {
      throw new IllegalArgumentException(
          startable.name()
              + " depends on itself: "
              + path.stream().map(Startable::name).collect(Collectors.joining(" -> "))
              + " -> "
              + startable.name());
    }
    for (Startable dependency : startable.dependencies()) {
      addAfterDependencies(dependency, path, ordered);
    }
    path.remove(startable);
    ordered.add(startable);
  }
}
