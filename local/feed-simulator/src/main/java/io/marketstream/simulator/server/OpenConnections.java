package io.marketstream.simulator.server;

import io.marketstream.simulator.journal.TickJournal;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** The open connections of a simulator. Threads can wait for them to change. Thread-safe. */
final class OpenConnections implements Iterable<FeedConnection> {

  private final Clock clock;
  private final List<FeedConnection> open = new CopyOnWriteArrayList<>();
  private long everOpened;

  OpenConnections(Clock clock) {
    this.clock = clock;
  }

  /** Registers a connection in the journal, and adds it. */
  synchronized void add(FeedConnection connection, TickJournal journal) {
    everOpened++;
    connection.openedAt(clock.millis());
    journal.opened(connection.number(), connection.openedAt());
    open.add(connection);
    notifyAll();
  }

  synchronized void remove(FeedConnection connection) {
    open.remove(connection);
    notifyAll();
  }

  /** Wakes the threads that wait for a subscription. */
  synchronized void subscriptionsChanged() {
    notifyAll();
  }

  int size() {
    return open.size();
  }

  synchronized long everOpened() {
    return everOpened;
  }

  /** The symbols that any connection subscribed to. */
  Set<String> subscriptions() {
    Set<String> symbols = new LinkedHashSet<>();
    open.forEach(connection -> symbols.addAll(connection.subscriptions()));
    return symbols;
  }

  /** A snapshot's iterator. */
  @Override
  public Iterator<FeedConnection> iterator() {
    return open.iterator();
  }

  /** Waits for a condition that depends on connections. Returns whether it was reached in time. */
  synchronized boolean await(BooleanSupplier reached, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!reached.getAsBoolean()) {
      long leftMs = (deadline - System.nanoTime()) / 1_000_000;
      if (leftMs <= 0) {
        return false;
      }
      wait(leftMs);
    }
    return true;
  }
}
