package io.marketstream.api.cli;

import java.io.Console;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;

/**
 * Runs the API until the process gets a signal. With {@code export} as its first argument, it
 * exports tables to files instead. With {@code status}, it looks at a pipeline once.
 */
public final class ApiMain {
  private static final String DATA_DIR = ".market-stream";
  private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

  private ApiMain() {}

  /** Runs and exits; {@link ApiCommand} and the other commands have the exit codes. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.US);
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    String word = args.length > 0 ? args[0] : "";
    boolean isExport = word.equals(ExportCommand.WORD);
    boolean isStatus = word.equals(StatusCommand.WORD);
    if ((isExport || isStatus) && System.getProperty(LOG_LEVEL) == null) {
      System.setProperty(LOG_LEVEL, "error"); // their messages are the output
    }
    CountDownLatch stopped = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Thread main = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopped.countDown();
                  if (isExport || isStatus) {
                    main.interrupt(); // it may wait for an answer
                  }
                  try {
                    ended.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
    PrintWriter out =
        new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true);
    PrintWriter err =
        new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
    int code = CommandLine.ExitCode.SOFTWARE;
    try {
      code =
          isExport
              ? ExportCommand.run(
                  new ExportCommand(System.getenv(), stopped, Clock.systemUTC(), isTerminal()),
                  List.of(args).subList(1, args.length),
                  out,
                  err)
              : isStatus
                  ? StatusCommand.run(
                      new StatusCommand(
                          System.getenv(), defaultDataDir(), Clock.systemUTC(), isTerminal()),
                      List.of(args).subList(1, args.length),
                      out,
                      err)
                  : ApiCommand.run(args, System.getenv(), stopped, out, err);
    } catch (Error e) { // such as an OutOfMemoryError, which picocli lets pass
      err.println("market-stream: " + e);
    } finally {
      ended.countDown(); // or else a signal could not end the process
    }
    if (stopped.getCount() > 0) {
      System.exit(code);
    }
  }

  /** The data folder of {@code up}: in the repository, or else in the current folder. */
  private static Path defaultDataDir() {
    String root = System.getProperty("marketstream.root");
    boolean isRepository = root != null && !Files.exists(Path.of(root, "VERSION"));
    return isRepository ? Path.of(root, DATA_DIR) : Path.of(DATA_DIR);
  }

  /** Whether the process has a terminal that can draw a line again. */
  @SuppressWarnings("SystemConsoleNull") // from Java 22 on, the console says it itself
  private static boolean isTerminal() {
    Console console = System.console();
    String kind = System.getenv("TERM");
    if (console == null || kind == null || kind.equals("dumb")) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
