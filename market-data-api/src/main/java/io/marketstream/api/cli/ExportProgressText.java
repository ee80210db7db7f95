package io.marketstream.api.cli;

import io.marketstream.api.export.DataKind;
import io.marketstream.api.export.ExportProgress;
import io.marketstream.api.market.Instrument;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Prints the progress of an export: a bar that moves on a terminal, or else now and then a line.
 */
final class ExportProgressText implements ExportProgress {
  private static final long BETWEEN_LINES_NS = Duration.ofSeconds(5).toNanos();
  private static final long BETWEEN_BARS_NS = Duration.ofMillis(200).toNanos();
  private static final long NS_PER_S = Duration.ofSeconds(1).toNanos();

  /** The clock is asked once for so many rows. */
  private static final int ROWS_BETWEEN_LOOKS = 512;

  private static final int BAR = 20;
  private static final int PERCENT = 100;

  /** A longer line would wrap, and a wrapped line cannot be drawn again. */
  private static final int MAX_LINE = 79;

  private static final String START_OF_LINE = "\r";
  private static final String CLEAR_TO_END = "\u001b[K";

  private final PrintWriter out;
  private final boolean isTerminal;
  private final LongSupplier nanoTime;
  private long begin;
  private long nextText;
  private long files;
  private long filesDone;
  private long steps;
  private long stepsDone;
  private long rows;
  private String current = "";

  ExportProgressText(PrintWriter out, boolean isTerminal, LongSupplier nanoTime) {
    this.out = out;
    this.isTerminal = isTerminal;
    this.nanoTime = nanoTime;
  }

  @Override
  public void begins(long allFiles, long allSteps) {
    files = allFiles;
    steps = Math.max(1, allSteps);
    begin = nanoTime.getAsLong();
    nextText = isTerminal ? begin : begin + BETWEEN_LINES_NS;
  }

  @Override
  public void file(DataKind kind, Instrument instrument, LocalDate day) {
    current = kind.word() + " " + instrument + " " + day;
    look();
  }

  @Override
  public void row() {
    rows++;
    if (rows % ROWS_BETWEEN_LOOKS == 0) {
      look();
    }
  }

  @Override
  public void stepDone() {
    stepsDone++;
    look();
  }

  @Override
  public void fileDone() {
    filesDone++;
    look();
  }

  @Override
  public void ended() {
    if (isTerminal) {
      out.print(START_OF_LINE + CLEAR_TO_END);
      out.flush();
    }
  }

  private void look() {
    long now = nanoTime.getAsLong();
    if (now - nextText < 0) {
      return;
    }
    nextText = now + (isTerminal ? BETWEEN_BARS_NS : BETWEEN_LINES_NS);
    long done = Math.min(stepsDone, steps);
    String numbers =
        String.format(
            Locale.ROOT,
            "%3d %%, %,d of %,d files, %,d rows, %,d/s",
            done * PERCENT / steps,
            filesDone,
            files,
            rows,
            Math.round(rows * (double) NS_PER_S / Math.max(1, now - begin)));
    if (isTerminal) {
      int filled = (int) (done * BAR / steps);
      String bar = "#".repeat(filled) + "-".repeat(BAR - filled);
      String line = "[" + bar + "] " + numbers + "  " + current;
      out.print(
          START_OF_LINE + line.substring(0, Math.min(MAX_LINE, line.length())) + CLEAR_TO_END);
      out.flush();
    } else {
      out.println(numbers.strip() + ", now " + current);
    }
  }
}
