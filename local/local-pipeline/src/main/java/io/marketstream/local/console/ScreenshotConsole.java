package io.marketstream.local.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A console that also writes its last table to an SVG file. */
final class ScreenshotConsole implements Console {
  private static final int COLUMNS = 92;
  private static final int LINES = 28;
  private static final String TITLE = "./market-stream up";

  private final Console console;
  private final Path screenshot;
  private @Nullable Snapshot last; // null until a table is shown

  ScreenshotConsole(Console console, Path screenshot) {
    this.console = console;
    this.screenshot = screenshot;
  }

  @Override
  public void line(String text) {
    console.line(text);
  }

  @Override
  public void begin(String what) {
    console.begin(what);
  }

  @Override
  public void done(String what, String result) {
    console.done(what, result);
  }

  @Override
  public synchronized void show(Snapshot snapshot) {
    last = snapshot;
    console.show(snapshot);
  }

  @Override
  public synchronized void endOfTable() {
    console.endOfTable();
    if (last == null) {
      return;
    }
    try {
      Files.writeString(
          screenshot, SvgScreenshot.svg(TITLE, PriceTable.lines(last, COLUMNS, LINES), COLUMNS));
      console.line("screenshot: " + screenshot);
    } catch (IOException e) {
      console.line("The screenshot " + screenshot + " could not be written: " + e.getMessage());
    }
    last = null;
  }

  @Override
  public void close() {
    console.close();
  }
}
