package io.marketstream.embedded.process;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A component did not start, or stopped by itself. The message is one line that says what happened
 * and what to do.
 */
public final class ComponentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Path log;

  /** Creates an exception for which no log has details. */
  public ComponentException(String message) {
    this(message, null);
  }

  /**
   * Creates an exception.
   *
   * @param message one line: what happened, and what to do
   * @param log the file with the details; null if there is none
   */
  public ComponentException(String message, @Nullable Path log) {
    super(message);
    this.log = log;
  }

  /** Creates an exception with a cause. */
  public ComponentException(String message, @Nullable Path log, Throwable cause) {
    super(message, cause);
    this.log = log;
  }

  /** Returns the file with the details, if there is one. */
  public Optional<Path> log() {
    return Optional.ofNullable(log);
  }
}
