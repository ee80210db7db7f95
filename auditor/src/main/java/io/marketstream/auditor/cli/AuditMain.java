package io.marketstream.auditor.cli;

import io.marketstream.auditor.cluster.AuditRefusedException;
import io.marketstream.auditor.cluster.AuditTarget;
import io.marketstream.auditor.cluster.TopicAudit;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * The main class of {@code ./market-stream audit}. It prints every failure as one line on standard
 * error.
 */
public final class AuditMain {
  static final int EXPLAINED = 0;
  static final int NOT_EXPLAINED = 1;
  static final int NO_AUDIT = 2;

  private static final String LOGS = "marketstream.logs";
  private static final String LOG_CONFIGURATION = "logback.configurationFile";

  private final PrintStream out;
  private final PrintStream err;

  private final Optional<Function<AuditTarget, TopicAudit>> otherEngine;

  AuditMain(PrintStream out, PrintStream err) {
    this(out, err, Optional.empty());
  }

  private AuditMain(
      PrintStream out, PrintStream err, Optional<Function<AuditTarget, TopicAudit>> otherEngine) {
    this.out = out;
    this.err = err;
    this.otherEngine = otherEngine;
  }

  /**
   * Runs one audit whose symbols are audited by another engine, for example by Spark.
   *
   * @return the exit code
   */
  public static int run(
      String[] args,
      Map<String, String> environment,
      Function<AuditTarget, TopicAudit> otherEngine) {
    return new AuditMain(System.out, System.err, Optional.of(otherEngine))
        .run(args, Path.of("target").toAbsolutePath(), environment);
  }

  /**
   * Audits and exits: with 0 if everything is explained, with 1 if there is a finding, with 2 if no
   * audit was made. The system property {@code marketstream.root} is the repository's root. The log
   * is in its folder {@code target}. Without the property the log is in the current folder.
   */
  public static void main(String[] args) {
    if (System.getProperty(LOG_CONFIGURATION) == null) {
      System.setProperty(LOG_CONFIGURATION, "io/marketstream/auditor/auditor-logback.xml");
    }
    // Messages and times look the same on every machine.
    Locale.setDefault(Locale.US);
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    int code;
    try {
      String root = System.getProperty("marketstream.root");
      Path logs = (root == null ? Path.of("") : Path.of(root, "target")).toAbsolutePath();
      code = new AuditMain(System.out, System.err).run(args, logs, System.getenv());
    } catch (InvalidPathException e) {
      System.err.println(
          "market-stream: a folder's name cannot be read in this locale ("
              + oneLine(e.getReason())
              + "). Set LC_ALL to a UTF-8 locale such as C.UTF-8");
      code = NO_AUDIT;
    }
    System.exit(code);
  }

  /**
   * Runs one audit.
   *
   * @param logs the folder of the log
   * @return the exit code
   */
  int run(String[] args, Path logs, Map<String, String> environment) {
    Path log = logs.resolve("audit.log");
    System.setProperty(LOGS, logs.toString());
    try {
      return commandLine(new AuditCommand(out, environment, Clock.systemUTC(), otherEngine))
          .setOut(new PrintWriter(out, true, Charset.defaultCharset()))
          .setParameterExceptionHandler(this::reportWrongOption)
          .setExecutionExceptionHandler(
              (failure, command, parsed) -> {
                if (failure instanceof AuditRefusedException) {
                  err.println("market-stream: " + oneLine(failure.getMessage()));
                } else {
                  reportFailure(failure, log);
                }
                return command.getCommandSpec().exitCodeOnExecutionException();
              })
          .execute(args);
    } catch (OutOfMemoryError e) {
      err.println(
          "market-stream: the heap of "
              + Runtime.getRuntime().maxMemory() / 1_048_576
              + " MB is too small. Set MARKET_STREAM_AUDIT_HEAP (for example 1g), or audit less with"
              + " --last or --source");
      return NO_AUDIT;
    } catch (Error e) { // picocli hands over exceptions only
      reportFailure(e, log);
      return NO_AUDIT;
    }
  }

  private int reportWrongOption(CommandLine.ParameterException failure, String[] args) {
    err.println(
        "market-stream: "
            + oneLine(failure.getMessage())
            + " (./market-stream audit --help shows the options)");
    return failure.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
  }

  private void reportFailure(Throwable failure, Path log) {
    LoggerFactory.getLogger(AuditMain.class).error("The audit failed", failure);
    err.println("market-stream: " + oneLine(failure.toString()) + " (log: " + log + ")");
  }

  /** Creates the parser. An argument that begins with {@code @} is not a file of options. */
  static CommandLine commandLine(AuditCommand command) {
    return new CommandLine(command).setExpandAtFiles(false);
  }

  private static String oneLine(@Nullable String message) {
    return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
