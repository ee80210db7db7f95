package io.marketstream.local;

import io.marketstream.local.audit.cluster.AuditRun;
import io.marketstream.local.maven.MavenComponents;
import io.marketstream.local.process.ComponentFailure;
import io.marketstream.local.run.PipelineRun;
import io.marketstream.local.run.RunOptions;
import io.marketstream.local.run.StopRequest;
import io.marketstream.local.run.UserError;
import io.marketstream.local.screen.Screen;
import io.marketstream.local.screen.Screens;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * The front door: what {@code ./market-stream} runs. Every failure is one line on standard error.
 */
public final class MarketStream {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int MISUSED = 2;

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
   * Runs the command line and exits: 0 when ticks reached Cassandra or an audit found nothing, 1
   * when not, 2 when the options are wrong or an audit could not be made.
   */
  public static void main(String[] args) {
    if (System.getProperty(LOG_CONFIGURATION) == null) {
      System.setProperty(LOG_CONFIGURATION, "io/marketstream/local/launcher-logback.xml");
    }
    Path root = Path.of(System.getProperty(ROOT, "")).toAbsolutePath();
    System.exit(new MarketStream(System.out, System.err).run(args, root, System.getenv()));
  }

  int run(String[] args, Path root, Map<String, String> environment) {
    MarketStreamCommand command = new MarketStreamCommand();
    CommandLine commandLine = command.commandLine();
    RunOptions options;
    String subcommand = "up";
    try {
      CommandLine.ParseResult parsed = commandLine.parseArgs(args);
      if (!parsed.hasSubcommand() || isHelp(parsed)) {
        helpOf(parsed).usage(out);
        return isHelp(parsed) ? DONE : MISUSED;
      }
      subcommand = parsed.subcommand().commandSpec().name();
      if (subcommand.equals("audit")) {
        return audit(command.audit().run(environment, Clock.systemUTC()), root);
      }
      options = command.up().options(root, environment);
    } catch (CommandLine.ParameterException | UserError e) {
      err.println(
          "market-stream: "
              + oneLine(e.getMessage())
              + " (./market-stream "
              + subcommand
              + " --help shows the options)");
      return MISUSED;
    }
    System.setProperty("marketstream.logs", options.dataDir().resolve("logs").toString());
    try (Screen screen = screen(options)) {
      return up(options, screen);
    }
  }

  private Screen screen(RunOptions options) {
    Screen screen = Screens.forOutput(out);
    return options.screenshot().map(file -> Screens.withPicture(screen, file)).orElse(screen);
  }

  private int audit(AuditRun audit, Path root) {
    Path logs = root.resolve("target");
    System.setProperty("marketstream.logs", logs.toString());
    try {
      return audit.run(out, Clock.systemUTC()) ? DONE : FAILED;
    } catch (UserError e) {
      err.println("market-stream: " + oneLine(e.getMessage()));
      return MISUSED;
    } catch (OutOfMemoryError e) {
      err.println(
          "market-stream: the heap of "
              + Runtime.getRuntime().maxMemory() / 1_048_576
              + " MB is too small. Set MARKET_STREAM_AUDIT_HEAP (1g), shorten the span or name a source"
              + " (--last, --source)");
      return MISUSED;
    } catch (RuntimeException | Error e) {
      LoggerFactory.getLogger(MarketStream.class).error("The audit failed", e);
      err.println(
          "market-stream: "
              + oneLine(e.toString())
              + " (log: "
              + logs.resolve("market-stream.log")
              + ")");
      return MISUSED;
    }
  }

  private int up(RunOptions options, Screen screen) {
    StopRequest request = StopRequest.bySignals();
    PipelineRun run =
        new PipelineRun(
            options, new MavenComponents(options.root()), screen, request, Clock.systemUTC());
    try {
      if (run.run()) {
        return DONE;
      }
      err.println(
          "market-stream: "
              + (request.isRequested() ? "stopped before a" : "no")
              + " tick reached Cassandra");
      return FAILED;
    } catch (ComponentFailure e) {
      screen.close();
      err.println(
          "market-stream: "
              + oneLine(e.getMessage())
              + (e.log() == null ? "" : " (log: " + e.log() + ")"));
      return FAILED;
    } catch (UserError e) {
      screen.close();
      err.println("market-stream: " + oneLine(e.getMessage()));
      return FAILED;
    } catch (RuntimeException e) {
      screen.close();
      Path log = options.dataDir().resolve("logs").resolve("market-stream.log");
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
