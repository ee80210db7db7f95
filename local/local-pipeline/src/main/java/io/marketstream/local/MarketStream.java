package io.marketstream.local;

import io.marketstream.embedded.maven.MavenComponents;
import io.marketstream.embedded.process.ComponentException;
import io.marketstream.local.console.Console;
import io.marketstream.local.run.DataDirectory;
import io.marketstream.local.run.FolderName;
import io.marketstream.local.run.Machine;
import io.marketstream.local.run.PipelineRun;
import io.marketstream.local.run.RunFolder;
import io.marketstream.local.run.RunOptions;
import io.marketstream.local.run.ShutdownSignal;
import io.marketstream.local.run.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * The front door: what {@code ./market-stream up} runs. Every failure is one line on standard
 * error.
 */
public final class MarketStream {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int MISUSED = 2;
  static final int INCOMPLETE = 3;

  /** System property: the repository's root, given by the script. */
  static final String ROOT = "marketstream.root";

  private static final String LOG_CONFIGURATION = "logback.configurationFile";

  private final PrintStream out;
  private final PrintStream err;

  MarketStream(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Runs the command line and exits: 0 when ticks reached Cassandra, 1 when not, 2 when the options
   * are wrong, 3 when a run ended before all ticks had arrived.
   */
  public static void main(String[] args) {
    if (System.getProperty(LOG_CONFIGURATION) == null) {
      System.setProperty(LOG_CONFIGURATION, "io/marketstream/local/launcher-logback.xml");
    }
    // The same words and instants on every machine.
    Locale.setDefault(Locale.US);
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    MarketStream command = new MarketStream(System.out, System.err);
    int code;
    try {
      Path root = Path.of(System.getProperty(ROOT, "")).toAbsolutePath();
      code = command.run(args, root, System.getenv());
    } catch (InvalidPathException e) {
      System.err.println(
          "market-stream: a folder's name cannot be read in this locale ("
              + oneLine(e.getReason())
              + "). Set LC_ALL to a UTF-8 locale such as C.UTF-8");
      code = FAILED;
    }
    System.exit(code);
  }

  int run(String[] args, Path root, Map<String, String> environment) {
    MarketStreamCommand command = new MarketStreamCommand();
    CommandLine commandLine = command.commandLine();
    RunOptions options;
    try {
      CommandLine.ParseResult parsed = commandLine.parseArgs(args);
      if (!parsed.hasSubcommand() || isHelp(parsed)) {
        helpOf(parsed).usage(out);
        return isHelp(parsed) ? DONE : MISUSED;
      }
      options = command.up().options(root, environment);
    } catch (CommandLine.ParameterException | UsageException e) {
      err.println(
          "market-stream: "
              + oneLine(e.getMessage())
              + " (./market-stream up --help shows the options)");
      return MISUSED;
    }
    ShutdownSignal request = ShutdownSignal.bySignals();
    try {
      FolderName.require("The repository", root, "move it");
      FolderName.require("The data directory", options.dataDir(), "choose another with --data-dir");
      Machine.requireSupported();
      try (DataDirectory data = RunFolder.take(options, request)) {
        System.setProperty("marketstream.logs", data.logs().toString());
        // Terminal and clients load native libraries, which /tmp does not allow everywhere.
        System.setProperty("java.io.tmpdir", data.temporary().toString());
        try (Console screen = screen(options)) {
          return up(options, data, screen, request);
        }
      }
    } catch (UsageException e) {
      err.println("market-stream: " + oneLine(e.getMessage()));
      return FAILED;
    } catch (IOException e) {
      err.println(
          "market-stream: cannot write " + options.dataDir() + ": " + oneLine(e.toString()));
      return FAILED;
    }
  }

  private Console screen(RunOptions options) {
    Console screen = Console.forOutput(out);
    return options.screenshot().map(file -> Console.withScreenshot(screen, file)).orElse(screen);
  }

  private int up(RunOptions options, DataDirectory data, Console screen, ShutdownSignal request) {
    PipelineRun run =
        new PipelineRun(
            options, data, new MavenComponents(options.root()), screen, request, Clock.systemUTC());
    try {
      PipelineRun.Outcome outcome = run.run();
      if (outcome == PipelineRun.Outcome.NO_TICK) {
        err.println(
            "market-stream: "
                + (request.isRequested() ? "stopped before a" : "no")
                + " tick reached Cassandra");
        return FAILED;
      }
      return outcome == PipelineRun.Outcome.COMPLETE ? DONE : INCOMPLETE;
    } catch (ComponentException e) {
      screen.close();
      err.println(
          "market-stream: "
              + oneLine(e.getMessage())
              + (e.log() == null ? "" : " (log: " + e.log() + ")"));
      return FAILED;
    } catch (UsageException e) {
      screen.close();
      err.println("market-stream: " + oneLine(e.getMessage()));
      return FAILED;
    } catch (RuntimeException e) {
      screen.close();
      Path log = data.logs().resolve("market-stream.log");
      LoggerFactory.getLogger(MarketStream.class).error("The run failed", e);
      err.println("market-stream: " + oneLine(e.toString()) + " (log: " + log + ")");
      return FAILED;
    }
  }

  private static boolean isHelp(CommandLine.ParseResult parsed) {
    return parsed.isUsageHelpRequested()
        || (parsed.hasSubcommand() && parsed.subcommand().isUsageHelpRequested());
  }

  private static CommandLine helpOf(CommandLine.ParseResult parsed) {
    CommandLine.ParseResult last = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
    return last.commandSpec().commandLine();
  }

  private static String oneLine(String message) {
    return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
