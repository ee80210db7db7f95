package io.marketstream.auditor.cli;

import io.marketstream.auditor.cluster.AuditProgress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Prints the progress of a long audit, one line every few seconds. Thread-safe. */
final class AuditProgressText implements AuditProgress {
  private static final long BETWEEN_LINES_NS = TimeUnit.SECONDS.toNanos(5);
  private static final int PERCENT = 100;

  private final PrintStream out;
  private final long begin = System.nanoTime();
  private long nextLine = begin + BETWEEN_LINES_NS;
  private long readBegin = begin;
  private long done;
  private long ticks;

  AuditProgressText(PrintStream out) {
    this.out = out;
  }

  @Override
  public synchronized void waiting(long records) {
    line(
        records < 0
            ? "waiting for the job"
            : String.format(
                Locale.ROOT, "waiting for the job, which is %,d records behind", records));
  }

  @Override
  public synchronized void plan(long symbols, long hours) {
    readBegin = System.nanoTime();
    nextLine = readBegin + BETWEEN_LINES_NS;
    out.printf(Locale.ROOT, "to read: %,d symbols, %,d hours with ticks%n", symbols, hours);
  }

  @Override
  public synchronized void records(long read, long of) {
    line(String.format(Locale.ROOT, "topics: %,d of %,d records read", read, of));
  }

  @Override
  public synchronized void venue(String product, long requests) {
    line(String.format(Locale.ROOT, "venue: %s compared, %,d requests", product, requests));
  }

  @Override
  public synchronized void symbolDone(long symbols, long ofSymbol) {
    done++;
    ticks += ofSymbol;
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - readBegin);
    line(
        String.format(
            Locale.ROOT,
            "%,d of %,d symbols (%d %%), %,d ticks, about %d s to go",
            done,
            symbols,
            done * PERCENT / symbols,
            ticks,
            seconds * (symbols - done) / done));
  }

  private void line(String text) {
    if (System.nanoTime() - nextLine >= 0) {
      nextLine = System.nanoTime() + BETWEEN_LINES_NS;
      out.println(text);
    }
  }
}
