package io.marketstream.local.console;

import io.marketstream.local.measure.LatestPrice;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats a {@link Snapshot} as text. */
final class PriceTable {
  private static final int CELL = 44;
  private static final int HEAD_LINES = 4;

  private PriceTable() {}

  /**
   * Returns at most {@code height} lines of at most {@code width} characters. The prices fill as
   * many columns as fit. The last line counts the symbols that do not fit.
   */
  static List<String> lines(Snapshot snapshot, int width, int height) {
    List<String> lines = new ArrayList<>();
    lines.add("market-stream   " + snapshot.feeds() + "   " + snapshot.page());
    lines.add(counts(snapshot));
    lines.add(snapshot.notice().orElse(""));
    int columns = Math.max(1, width / CELL);
    int rows = Math.max(1, height - HEAD_LINES - 1);
    List<LatestPrice> prices = snapshot.prices();
    int shown = Math.min(prices.size(), rows * columns);
    int used = (shown + columns - 1) / columns;
    for (int row = 0; row < used; row++) {
      StringBuilder line = new StringBuilder();
      for (int at = row; at < shown; at += used) {
        line.append(cell(prices.get(at), snapshot));
      }
      lines.add(line.toString());
    }
    lines.add(
        (shown < prices.size() ? (prices.size() - shown) + " more symbols. " : "")
            + "Ctrl-C ends the run and drains it.");
    return lines.stream().map(line -> cut(line.stripTrailing(), width)).toList();
  }

  /** Returns the figures of a snapshot in one line. */
  static String counts(Snapshot snapshot) {
    String latency =
        snapshot
            .latency()
            .map(some -> "p50 " + some.p50() + " ms, p99 " + some.p99() + " ms")
            .orElse("no tick in the last 10 s");
    return String.format(
        Locale.ROOT,
        "%s%s   %,d ticks   %.0f/s   %s   %d gaps   %d rejected",
        clock(snapshot.running()),
        snapshot.wanted().map(wanted -> " of " + clock(wanted)).orElse(""),
        snapshot.ticks(),
        snapshot.ticksPerSecond(),
        latency,
        snapshot.gaps(),
        snapshot.rejected());
  }

  /** Returns a price for a plain line, such as {@code AAPL 187.12}. */
  static String brief(LatestPrice price) {
    return price.symbol() + " " + text(price.price());
  }

  private static String cell(LatestPrice price, Snapshot snapshot) {
    return String.format(
        Locale.ROOT,
        "%-20s %14s %6s  ",
        cut(price.symbol(), 20),
        cut(text(price.price()), 14),
        age(Duration.between(price.eventTime(), snapshot.now())));
  }

  private static String text(BigDecimal price) {
    return price == null ? "-" : price.toPlainString();
  }

  private static String age(Duration age) {
    if (age.toSeconds() < 1) {
      return "now";
    }
    return age.toMinutes() < 2
        ? age.toSeconds() + " s"
        : age.toHours() < 2 ? age.toMinutes() + " m" : age.toHours() + " h";
  }

  private static String clock(Duration duration) {
    return String.format(
        Locale.ROOT,
        "%d:%02d:%02d",
        duration.toHours(),
        duration.toMinutesPart(),
        duration.toSecondsPart());
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
  }
}
