package io.marketstream.api.stream;

import io.marketstream.api.market.Instrument;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events that wait for one client. It is closed when too many wait: it can come back and resume
 * where it was. Thread-safe.
 */
public final class Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

  /** Events that may wait for a client that is slow. */
  static final int MAX_WAITING = 10_000;

  private final Set<Instrument> instruments;
  private final StreamClient client;
  private final Executor senders;
  private final Queue<Runnable> waiting = new ArrayDeque<>();

  /** Live events that wait until the past has been sent; null once it has. */
  private @Nullable Queue<StreamEvent> held;

  private boolean isSending;
  private boolean isClosed;

  Subscription(List<Instrument> instruments, StreamClient client, Executor senders, boolean hold) {
    this.instruments = new HashSet<>(instruments);
    this.client = client;
    this.senders = senders;
    this.held = hold ? new ArrayDeque<>() : null;
  }

  boolean concerns(Instrument instrument) {
    return instruments.contains(instrument);
  }

  synchronized boolean isClosed() {
    return isClosed;
  }

  /** Takes an event that has just come. */
  synchronized void live(StreamEvent event) {
    Queue<StreamEvent> holding = held;
    if (holding == null) {
      enqueue(() -> client.send(event));
    } else if (holding.size() >= MAX_WAITING) {
      close();
    } else {
      holding.add(event);
    }
  }

  /** Sends the events of the past, then those that came meanwhile, each of them once. */
  synchronized void resume(List<StreamEvent> past, @Nullable String resetReason) {
    if (resetReason != null) {
      enqueue(() -> client.sendReset(resetReason));
    }
    Set<EventId> sent = new HashSet<>();
    for (StreamEvent event : past) {
      sent.add(event.id());
      enqueue(() -> client.send(event));
    }
    Queue<StreamEvent> holding = held;
    held = null;
    if (holding != null) {
      holding.stream().filter(event -> sent.add(event.id())).forEach(this::live);
    }
  }

  void heartbeat() {
    enqueue(client::sendHeartbeat);
  }

  private synchronized void enqueue(Runnable sending) {
    if (isClosed) {
      return;
    }
    if (waiting.size() >= MAX_WAITING) {
      LOG.info("a client of the stream is too slow: {} events wait; closed", waiting.size());
      close();
      return;
    }
    waiting.add(sending);
    if (!isSending) {
      isSending = true;
      try {
        senders.execute(this::sendAll);
      } catch (RejectedExecutionException e) { // the server stops
        close();
      }
    }
  }

  private void sendAll() {
    for (Runnable next = next(); next != null; next = next()) {
      try {
        next.run();
      } catch (RuntimeException e) { // the client has gone
        LOG.debug("a client of the stream has gone", e);
        close();
      }
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable next = isClosed ? null : waiting.poll();
    isSending = next != null;
    return next;
  }

  /** Ends it. Any thread. */
  public synchronized void close() {
    if (!isClosed) {
      isClosed = true;
      waiting.clear();
      held = null;
      client.close();
    }
  }
}
