package io.marketstream.embedded.start;

/** Is told how a {@link StartGroup} proceeds. Called by several threads. */
public interface StartListener {
  /** A listener that does nothing. */
  StartListener NONE = new StartListener() {};

  /** The group is about to start this. */
  default void starting(Startable startable) {}

  /** This has started. What depends on it has not begun yet. */
  default void started(Startable startable) {}

  /** The group is about to stop this. */
  default void stopping(Startable startable) {}
}
