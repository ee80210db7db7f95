package io.marketstream.local.console;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/** Shows the person at the terminal what a run does. Safe for use by several threads. */
public interface Console extends AutoCloseable {
  /** Prints a line that stays. */
  void line(String text);

  /** Shows that a step has begun, for example {@code Cassandra 5.0.9}. */
  void begin(String what);

  /** Shows that a step has ended. */
  void done(String what, String result);

  /** Shows the state of the running pipeline. Called about once per second. */
  void show(Snapshot snapshot);

  /** Ends the table, because lines follow. */
  void endOfTable();

  /** Leaves the terminal as it was. */
  @Override
  void close();

  /** Returns a live table on a terminal that understands ANSI codes, and plain lines elsewhere. */
  // Java 17 returns null without a terminal, and the launcher runs on Java 17 only.
  @SuppressWarnings("SystemConsoleNull")
  static Console forOutput(PrintStream out) {
    String kind = System.getenv("TERM");
    if (System.console() == null || kind == null || kind.equals("dumb")) {
      return plain(out);
    }
    try {
      return new TerminalConsole(out);
    } catch (IOException e) {
      return plain(out);
    }
  }

  /** Returns a console that prints plain lines on any output. */
  static Console plain(PrintStream out) {
    return new PlainConsole(out);
  }

  /**
   * Returns a console that also writes its last table to an SVG file.
   *
   * @param screenshot the file; its folder exists
   */
  static Console withScreenshot(Console console, Path screenshot) {
    return new ScreenshotConsole(console, screenshot);
  }
}
