package io.marketstream.auditor.cli;

import io.marketstream.auditor.cluster.AuditRefusedException;
import io.marketstream.auditor.cluster.AuditTarget;
import io.marketstream.auditor.cluster.TopicAudit;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.Function;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** What {@code ./market-stream audit} runs. Every failure is one line on standard error. */
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
   * One audit whose symbols are audited elsewhere.
   *
   * @return the exit code
   */
  public static int run(
      String[] args,
      Map<String, String> environment,
      Function<AuditTarget, TopicAudit> otherEngine) {
    return new AuditMain(System.out, System.err, Optional.of(otherEngine))
        .run(args, Path.of("").toAbsolutePath(), environment);
  }

  /**
   * Audits and exits: 0 when everything is explained, 1 when something is not, 2 when no audit was
   * made. The system property {@code marketstream.root} is the repository's root; the log goes to
   * {@code target} there.
   */
  public static void main(String[] args) {
    if (System.getProperty(LOG_CONFIGURATION) == null) {
      System.setProperty(LOG_CONFIGURATION, "io/marketstream/auditor/auditor-logback.xml");
    }
    // The same words and instants on every machine.
    Locale.setDefault(Locale.US);
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    int code;
    try {
      Path root = Path.of(System.getProperty("marketstream.root", "")).toAbsolutePath();
      code = new AuditMain(System.out, System.err).run(args, root, System.getenv());
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
   * One audit.
   *
   * @param root below its {@code target} goes the log
   * @return the exit code
   */
  int run(String[] args, Path root, Map<String, String> environment) {
    AuditCommand command = new AuditCommand();
    CommandLine commandLine = commandLine(command);
    AuditRun audit;
    try {
      if (commandLine.parseArgs(args).isUsageHelpRequested()) {
        commandLine.usage(out);
        return EXPLAINED;
      }
      audit = command.run(environment, Clock.systemUTC());
    } catch (CommandLine.ParameterException | AuditRefusedException e) {
      err.println(
          "market-stream: "
              + oneLine(e.getMessage())
              + " (./market-stream audit --help shows the options)");
      return NO_AUDIT;
    }
    Path logs = root.resolve("target");
    System.setProperty(LOGS, logs.toString());
    try {
      return audit.run(out, Clock.systemUTC(), otherEngine) ? EXPLAINED : NOT_EXPLAINED;
    } catch (AuditRefusedException e) {
      err.println("market-stream: " + oneLine(e.getMessage()));
      return NO_AUDIT;
    } catch (OutOfMemoryError e) {
      err.println(
          "market-stream: the heap of "
              + Runtime.getRuntime().maxMemory() / 1_048_576
              + " MB is too small. Set MARKET_STREAM_AUDIT_HEAP (1g), shorten the span or name a"
              + " source (--last, --source)");
      return NO_AUDIT;
    } catch (RuntimeException | Error e) {
      LoggerFactory.getLogger(AuditMain.class).error("The audit failed", e);
      err.println(
          "market-stream: " + oneLine(e.toString()) + " (log: " + logs.resolve("audit.log") + ")");
      return NO_AUDIT;
    }
  }

  /** A folder may be called {@code @home}: no file of options is meant. */
  static CommandLine commandLine(AuditCommand command) {
    return new CommandLine(command).setExpandAtFiles(false);
  }

  private static String oneLine(String message) {
    return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
