package io.marketstream.simulator.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The newest handshake attempts, oldest first. Thread-safe. */
final class HandshakeLog {

  private static final int CAPACITY = 10_000;

  private final Deque<AtomicReference<HandshakeAttempt>> attempts = new ArrayDeque<>();
  private long total;

  /** Records an attempt when it arrives. The caller sets the answer in the returned reference. */
  synchronized AtomicReference<HandshakeAttempt> arrived(HandshakeAttempt attempt) {
    AtomicReference<HandshakeAttempt> entry = new AtomicReference<>(attempt);
    if (attempts.size() == CAPACITY) {
      attempts.removeFirst();
    }
    attempts.addLast(entry);
    total++;
    return entry;
  }

  synchronized List<HandshakeAttempt> attempts() {
    List<HandshakeAttempt> copy = new ArrayList<>(attempts.size());
    attempts.forEach(entry -> copy.add(entry.get()));
    return copy;
  }

  synchronized long total() {
    return total;
  }
}
