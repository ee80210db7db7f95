package io.marketstream.local.console;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Shows a table that is redrawn in place, on an ANSI terminal. During a start, shows one line. */
final class TerminalConsole implements Console {
  private static final String CLEAR_LINE = "\r\u001b[K";
  private static final String CLEAR_SCREEN = "\u001b[2J\u001b[H";
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_TO_LINE_END = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final PrintStream out;
  private final Terminal terminal;
  private final Map<String, Long> begun = new LinkedHashMap<>();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "console");
            thread.setDaemon(true);
            return thread;
          });
  private boolean tableShown;

  TerminalConsole(PrintStream out) throws IOException {
    this.out = out;
    this.terminal = TerminalBuilder.builder().system(true).nativeSignals(false).build();
    var unused = ticker.scheduleAtFixedRate(this::showWaiting, 250, 250, TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized void line(String text) {
    out.print(CLEAR_LINE + text + System.lineSeparator());
    out.flush();
  }

  @Override
  public synchronized void begin(String what) {
    begun.put(what, System.nanoTime());
    showWaiting();
  }

  @Override
  public synchronized void done(String what, String result) {
    begun.remove(what);
    line("  " + what + ": " + result);
    showWaiting();
  }

  @Override
  public synchronized void show(Snapshot snapshot) {
    Size size = terminal.getSize();
    int width = size.getColumns() > 0 ? size.getColumns() : 80;
    int height = size.getRows() > 0 ? size.getRows() : 24;
    List<String> lines = PriceTable.lines(snapshot, width, height);
    out.print(tableShown ? HOME : CLEAR_SCREEN);
    out.print(
        lines.stream()
            .map(line -> line + CLEAR_TO_LINE_END)
            .collect(Collectors.joining(System.lineSeparator())));
    out.print(CLEAR_BELOW);
    out.flush();
    tableShown = true;
  }

  @Override
  public synchronized void endOfTable() {
    if (tableShown) {
      out.println();
      tableShown = false;
    }
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    synchronized (this) {
      out.print(begun.isEmpty() ? "" : CLEAR_LINE);
      begun.clear();
      out.flush();
    }
    try {
      terminal.close();
    } catch (IOException e) {
      // The terminal was not changed.
    }
  }

  private synchronized void showWaiting() {
    if (begun.isEmpty() || tableShown) {
      return;
    }
    String waiting =
        begun.entrySet().stream()
            .map(
                step ->
                    step.getKey()
                        + " "
                        + Duration.ofNanos(System.nanoTime() - step.getValue()).toSeconds()
                        + " s")
            .collect(Collectors.joining(", "));
    out.print(CLEAR_LINE + "  starting " + waiting);
    out.flush();
  }
}
