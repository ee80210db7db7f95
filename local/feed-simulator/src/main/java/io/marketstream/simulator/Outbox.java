package io.marketstream.simulator;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The messages that one connection has still to be sent, and the thread that sends them: a client
 * that does not read keeps nobody else waiting. Thread-safe.
 */
final class Outbox {

  /** Sends one message on the outbox's thread and says whether it was written. */
  interface Transmission {
    boolean transmit(Message message);
  }

  /**
   * One message.
   *
   * @param ticks what it holds
   * @param written completed with whether it was written; false for one that was left out
   */
  record Message(
      byte opCode,
      byte[] payload,
      List<? extends SimTick> ticks,
      CompletableFuture<Boolean> written) {}

  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final Transmission transmission;
  private final Runnable ended;
  private volatile boolean closed;
  private volatile boolean threadIsGone;

  /**
   * @param transmission sends a message
   * @param ended runs after the last message, on the outbox's thread
   */
  Outbox(String threadName, Transmission transmission, Runnable ended) {
    this.transmission = transmission;
    this.ended = ended;
    Thread thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
    thread.start();
  }

  /** How much waits, the message that is being written included. */
  long queuedBytes() {
    return queuedBytes.get();
  }

  /** Adds a message, whatever waits already. */
  void add(Message message) {
    queuedBytes.addAndGet(message.payload().length);
    addTask(() -> send(message));
  }

  /** Completed once everything that was added before has been written or left out. */
  CompletableFuture<Void> drained() {
    CompletableFuture<Void> drained = new CompletableFuture<>();
    addTask(() -> drained.complete(null));
    return drained;
  }

  /** Leaves out what waits and ends the thread. */
  void close() {
    closed = true;
    tasks.add(() -> {}); // wakes the thread
  }

  private void addTask(Runnable task) {
    tasks.add(task);
    if (threadIsGone) {
      runWhatIsLeft();
    }
  }

  private void run() {
    try {
      while (!closed) {
        tasks.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closed = true;
      threadIsGone = true;
      runWhatIsLeft();
      ended.run();
    }
  }

  /** Each task knows by now that nothing is sent any more. */
  private void runWhatIsLeft() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private void send(Message message) {
    boolean written = false;
    try {
      written = !closed && transmission.transmit(message);
    } finally {
      queuedBytes.addAndGet(-message.payload().length);
      message.written().complete(written);
    }
  }
}
