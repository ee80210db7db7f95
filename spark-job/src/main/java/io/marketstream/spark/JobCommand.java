package io.marketstream.spark;

import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** From the command line to an exit code: every failure is one line on standard error. */
final class JobCommand {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int MISUSED = 2;

  private static final Logger LOG = LoggerFactory.getLogger(JobCommand.class);

  /** What is done with the options. */
  interface Body {
    /** Returns when there is nothing left to do. */
    void run(JobSettings settings) throws Exception;
  }

  private JobCommand() {}

  /** Reads the options, runs the job and returns the exit code. */
  static int run(String[] args, PrintWriter out, PrintWriter err, Body body) {
    JobOptions options = new JobOptions();
    CommandLine commandLine = new CommandLine(options);
    JobSettings settings;
    try {
      commandLine.parseArgs(args);
      if (commandLine.isUsageHelpRequested()) {
        commandLine.usage(out);
        return DONE;
      }
      settings = options.settings();
    } catch (ParameterException | IllegalArgumentException wrong) {
      err.println(
          "market-data-job: " + oneLine(wrong.getMessage()) + " (--help shows the options)");
      return MISUSED;
    }
    try {
      body.run(settings);
      return DONE;
    } catch (StartException e) {
      LOG.debug("the job cannot start", e);
      err.println("market-data-job: cannot start: " + oneLine(e.getMessage()));
      return FAILED;
    } catch (JobFailure e) {
      LOG.error("the job cannot go on", e);
      err.println("market-data-job: failed: " + oneLine(e.getMessage()));
      return FAILED;
    } catch (Exception e) {
      LOG.error("the job failed", e);
      err.println("market-data-job: failed: " + oneLine(rootCause(e)));
      return FAILED;
    }
  }

  private static String rootCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? "" : ": " + cause.getMessage();
    return cause.getClass().getSimpleName() + message;
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
