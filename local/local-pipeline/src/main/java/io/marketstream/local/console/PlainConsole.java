package io.marketstream.local.console;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;

/** Prints plain lines, for a file or a pipe: one per step, then one every five seconds. */
final class PlainConsole implements Console {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
  private static final int PRICES = 6;

  private final PrintStream out;
  private Instant lastShown = Instant.MIN;

  PlainConsole(PrintStream out) {
    this.out = out;
  }

  @Override
  public synchronized void line(String text) {
    out.println(text);
    out.flush();
  }

  @Override
  public void begin(String what) {
    line("starting " + what);
  }

  @Override
  public void done(String what, String result) {
    line("  " + what + ": " + result);
  }

  @Override
  public synchronized void show(Snapshot snapshot) {
    if (lastShown.isAfter(snapshot.now().minus(BETWEEN_LINES))) {
      return;
    }
    lastShown = snapshot.now();
    line(
        PriceTable.counts(snapshot)
            + "   ["
            + snapshot.feeds()
            + "]   "
            + snapshot.notice().map(notice -> notice + "   ").orElse("")
            + snapshot.prices().stream()
                .limit(PRICES)
                .map(PriceTable::brief)
                .collect(Collectors.joining("  ")));
  }

  @Override
  public void endOfTable() {
    // Plain lines are no table.
  }

  @Override
  public void close() {
    out.flush();
  }
}
