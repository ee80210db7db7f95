package io.marketstream.local.run;

import java.time.Duration;
import java.util.Locale;

/** Elapsed times as progress lines show them. */
final class ElapsedTime {
  private ElapsedTime() {}

  /** Formats an elapsed time: {@code 14.2 s}, {@code 3 min 05 s}. */
  static String format(Duration elapsed) {
    return elapsed.toMinutes() == 0
        ? String.format(Locale.ROOT, "%.1f s", elapsed.toMillis() / 1000.0)
        : String.format(Locale.ROOT, "%d min %02d s", elapsed.toMinutes(), elapsed.toSecondsPart());
  }
}
