package io.marketstream.simulator.server;

import io.marketstream.simulator.fault.HandshakeFault;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The faults for the next handshakes, in order. Thread-safe. */
final class HandshakeFaults {

  private final Deque<HandshakeFault> waiting = new ArrayDeque<>();

  synchronized void add(int times, HandshakeFault fault) {
    for (int i = 0; i < times; i++) {
      waiting.addLast(fault);
    }
  }

  synchronized void clear() {
    waiting.clear();
  }

  synchronized Optional<HandshakeFault> next() {
    return Optional.ofNullable(waiting.pollFirst());
  }
}
