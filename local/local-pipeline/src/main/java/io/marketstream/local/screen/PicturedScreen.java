package io.marketstream.local.screen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Another screen that also keeps a picture of its last table: an SVG file, written at the end. */
final class PicturedScreen implements Screen {
  private static final int COLUMNS = 92;
  private static final int LINES = 28;
  private static final String TITLE = "./market-stream up";

  private final Screen screen;
  private final Path picture;
  private Snapshot last;

  PicturedScreen(Screen screen, Path picture) {
    this.screen = screen;
    this.picture = picture;
  }

  @Override
  public void line(String text) {
    screen.line(text);
  }

  @Override
  public void begin(String what) {
    screen.begin(what);
  }

  @Override
  public void done(String what, String result) {
    screen.done(what, result);
  }

  @Override
  public synchronized void show(Snapshot snapshot) {
    last = snapshot;
    screen.show(snapshot);
  }

  @Override
  public synchronized void endOfTable() {
    screen.endOfTable();
    if (last == null) {
      return;
    }
    try {
      Files.writeString(
          picture, ScreenPicture.svg(TITLE, PriceTable.lines(last, COLUMNS, LINES), COLUMNS));
      screen.line("screenshot: " + picture);
    } catch (IOException e) {
      screen.line("The screenshot " + picture + " could not be written: " + e.getMessage());
    }
    last = null;
  }

  @Override
  public void close() {
    screen.close();
  }
}
