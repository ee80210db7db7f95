package io.marketstream.api.stream;

import io.marketstream.api.market.Instrument;
import io.marketstream.api.market.Tick;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  private static final int MAX_SENT_AT_ONCE = 100;

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

  /**
   * Sends the events of the past, then those that came meanwhile.
   *
   * @param handedOut the last tick of each symbol that belongs to the past
   */
  synchronized void resume(
      List<StreamEvent> past, @Nullable String resetReason, Map<Instrument, Tick> handedOut) {
    if (resetReason != null) {
      enqueue(() -> client.sendReset(resetReason));
    }
    for (StreamEvent event : past) {
      enqueue(() -> client.send(event));
    }
    Queue<StreamEvent> holding = held;
    held = null;
    if (holding != null) {
      for (StreamEvent event : holding) {
        Tick last = handedOut.get(event.id().instrument());
        if (last == null || TickSequencer.BY_NUMBER.compare(event.tick(), last) > 0) {
          live(event);
        }
      }
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
      submit();
    }
  }

  /** Sends some. Other clients wait for the same threads. */
  private void sendAll() {
    int sent = 0;
    for (Runnable next = next(); next != null; next = next()) {
      try {
        next.run();
      } catch (RuntimeException e) { // the client has gone
        LOG.debug("a client of the stream has gone", e);
        close();
      }
      if (++sent >= MAX_SENT_AT_ONCE) {
        submit();
        return;
      }
    }
  }

  private synchronized void submit() {
    isSending = true;
    try {
      senders.execute(this::sendAll);
    } catch (RejectedExecutionException e) { // the server stops
      close();
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
