package io.marketstream.local;

import io.marketstream.embedded.process.ComponentException;
import io.marketstream.local.run.UsageException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The main class of {@code ./market-stream up}. Every failure is one line on standard error.
 *
 * <p>Exit codes: 0 if ticks reached Cassandra, 1 if they did not, 2 if an option is wrong, 3 if the
 * run ended before all ticks had arrived.
 */
@Command(
    name = "market-stream",
    usageHelpAutoWidth = true,
    description = "Streams live market data from websockets to tables, on this machine.",
    footer = {"", "Try: ./market-stream up --duration 60s --report report.json"})
public final class MarketStream implements Callable<Integer> {
  static final int EXIT_OK = 0;
  static final int EXIT_FAILED = 1;
  static final int EXIT_USAGE = 2;
  static final int EXIT_INCOMPLETE = 3;

  /** System property: the repository's root, which the script sets. */
  private static final String ROOT = "marketstream.root";

  private static final String LOG_CONFIGURATION = "logback.configurationFile";

  // Picocli sets it before it calls the command.
  @SuppressWarnings("NullAway.Init")
  @Spec
  private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("UnusedVariable") // picocli reads the annotation only
  private boolean help;

  private MarketStream() {}

  /** Runs the command line and exits with the exit code of the command. */
  public static void main(String[] args) {
    if (System.getProperty(LOG_CONFIGURATION) == null) {
      System.setProperty(LOG_CONFIGURATION, "io/marketstream/local/launcher-logback.xml");
    }
    // Output must not depend on the machine.
    Locale.setDefault(Locale.US);
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    int code;
    try {
      Path root = Path.of(System.getProperty(ROOT, "")).toAbsolutePath();
      code = commandLine(System.out, System.err, root, System.getenv()).execute(args);
    } catch (InvalidPathException e) {
      System.err.println(
          "market-stream: a folder's name cannot be read in this locale ("
              + oneLine(e.getReason())
              + "). Set LC_ALL to a UTF-8 locale such as C.UTF-8");
      code = EXIT_FAILED;
    }
    System.exit(code);
  }

  /**
   * Returns the command line with all commands.
   *
   * @param out receives help, progress and prices
   * @param err receives one line for each failure
   * @param root the repository's root
   * @param environment the environment variables
   */
  static CommandLine commandLine(
      PrintStream out, PrintStream err, Path root, Map<String, String> environment) {
    return new CommandLine(new MarketStream())
        .addSubcommand(new UpCommand(out, root, environment))
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        // The name of a folder may begin with @. Picocli would read options from a file.
        .setExpandAtFiles(false)
        .setParameterExceptionHandler((failure, args) -> wrongUsage(failure))
        .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
  }

  /** Shows the help, because a command is missing. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return EXIT_USAGE;
  }

  private static int wrongUsage(CommandLine.ParameterException failure) {
    failure
        .getCommandLine()
        .getErr()
        .println(
            "market-stream: "
                + oneLine(failure.getMessage())
                + " (./market-stream up --help shows the options)");
    return EXIT_USAGE;
  }

  private static int failed(Exception failure, CommandLine command) throws Exception {
    PrintWriter err = command.getErr();
    if (failure instanceof ComponentException component) {
      err.println(
          "market-stream: "
              + oneLine(component.getMessage())
              + component.log().map(log -> " (log: " + log + ")").orElse(""));
    } else if (failure instanceof UsageException) {
      err.println("market-stream: " + oneLine(failure.getMessage()));
    } else {
      throw failure;
    }
    return EXIT_FAILED;
  }

  private static String oneLine(@Nullable String message) {
    return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
