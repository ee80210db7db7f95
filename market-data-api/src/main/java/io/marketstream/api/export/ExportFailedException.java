package io.marketstream.api.export;

import org.jspecify.annotations.Nullable;

/** The export cannot be made or completed. The message says why, and what to do. */
public final class ExportFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean isRefused;

  private ExportFailedException(String message, @Nullable Throwable cause, boolean isRefused) {
    super(message, cause);
    this.isRefused = isRefused;
  }

  /** Nothing was written: an option must change first. */
  static ExportFailedException refused(String message) {
    return new ExportFailedException(message, null, true);
  }

  static ExportFailedException failed(String message, Throwable cause) {
    return new ExportFailedException(message, cause, false);
  }

  /** Whether an option must change, and nothing was written. */
  public boolean isRefused() {
    return isRefused;
  }
}
