package io.marketstream.local.screen;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/** Chooses the screen for this process. */
public final class Screens {
  private Screens() {}

  /** A table when standard output is a terminal that understands ANSI, plain lines otherwise. */
  public static Screen forOutput(PrintStream out) {
    String kind = System.getenv("TERM");
    if (System.console() == null || kind == null || kind.equals("dumb")) {
      return new PlainScreen(out);
    }
    try {
      return new TerminalScreen(out);
    } catch (IOException e) {
      return new PlainScreen(out);
    }
  }

  /**
   * A screen that also writes its last table to an SVG file.
   *
   * @param picture the file; its folder exists
   */
  public static Screen withPicture(Screen screen, Path picture) {
    return new PicturedScreen(screen, picture);
  }

  /** Plain lines, whatever the output. */
  public static Screen plain(PrintStream out) {
    return new PlainScreen(out);
  }
}
