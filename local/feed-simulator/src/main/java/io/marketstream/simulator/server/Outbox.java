package io.marketstream.simulator.server;

import io.marketstream.simulator.market.SimTick;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The messages that wait for one connection, and the thread that writes them. So a client that does
 * not read does not delay the others. Thread-safe.
 */
final class Outbox {

  /** Writes one message on the thread of the outbox. Returns whether it was written. */
  interface Transmission {
    boolean transmit(Message message);
  }

  /**
   * One message.
   *
   * @param ticks the ticks in it
   * @param written completed with true once it was written, with false if it was left out
   */
  @SuppressWarnings("ArrayRecordComponent") // payloads are large, and are never compared
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

  /** How many bytes wait, including the message that is being written. */
  long queuedBytes() {
    return queuedBytes.get();
  }

  /** Adds a message, no matter how many wait. */
  void add(Message message) {
    queuedBytes.addAndGet(message.payload().length);
    addTask(() -> send(message));
  }

  /** Completed once every earlier message has been written or left out. */
  CompletableFuture<Void> drained() {
    CompletableFuture<Void> drained = new CompletableFuture<>();
    addTask(() -> drained.complete(null));
    return drained;
  }

  /** Leaves out the messages that wait, and ends the thread. */
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

  /** Runs the tasks that are left. The outbox is closed, so they send nothing. */
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
