package io.marketstream.embedded.start;

import java.util.Set;

/**
 * Something that is started and stopped, such as a component or a step between components. It names
 * what must have started before it. {@link StartGroup} derives the order from these names.
 */
public interface Startable extends AutoCloseable {
  /** Returns the name for messages. */
  String name();

  /** Returns what must have started before this. */
  default Set<? extends Startable> dependencies() {
    return Set.of();
  }

  /**
   * Starts it, and returns once others can use it. If this throws, it is not running.
   *
   * <p>An interrupt of the calling thread ends the start early, with an exception.
   */
  void start();

  /** Stops it. Does nothing if it is not running. */
  void stop();

  /** Does the same as {@link #stop()}. */
  @Override
  default void close() {
    stop();
  }
}
