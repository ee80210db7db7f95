package io.marketstream.embedded.process;

import java.nio.file.Path;

/**
 * A component did not do what it was started for. The message is one line for the person at the
 * terminal: what happened and what to do; {@link #log()} tells where to read on.
 */
public final class ComponentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Path log;

  /**
   * @param message one line: what happened, and what to do
   * @param log the file that says more; null when none does
   */
  public ComponentException(String message, Path log) {
    super(message);
    this.log = log;
  }

  /** As above, with the cause kept. */
  public ComponentException(String message, Path log, Throwable cause) {
    super(message, cause);
    this.log = log;
  }

  /** The file that says more, or null. */
  public Path log() {
    return log;
  }
}
