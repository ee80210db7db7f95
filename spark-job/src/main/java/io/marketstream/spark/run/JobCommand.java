package io.marketstream.spark.run;

import io.marketstream.spark.failure.JobFailedException;
import io.marketstream.spark.failure.StartException;
import io.marketstream.spark.settings.BatchTrigger;
import io.marketstream.spark.settings.JobOptions;
import io.marketstream.spark.settings.JobSettings;
import io.marketstream.spark.stream.RealTimeMode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command of the job. It reads the options, runs the job and returns an exit code. Every
 * failure is one line on standard error.
 */
@Command(
    name = "market-data-job",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description =
        "Streams market data from Kafka to Cassandra: ticks, latest ticks, candles and gaps.%n"
            + "Configure Cassandra with --conf spark.cassandra.* of spark-submit.",
    exitCodeOnInvalidInput = JobCommand.MISUSED,
    exitCodeOnExecutionException = JobCommand.FAILED,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything in the topics is processed (--trigger once)",
      "1:the job could not start or could not continue",
      "2:an option is wrong",
      "143:stopped by SIGTERM, after the running batch"
    })
public final class JobCommand implements Callable<Integer> {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int MISUSED = 2;

  private static final Logger LOG = LoggerFactory.getLogger(JobCommand.class);

  /** The job itself, which the command runs with the settings. */
  public interface Job {
    /** Returns when there is nothing left to do. */
    void run(JobSettings settings) throws Exception;
  }

  private final Job job;

  @Mixin private final JobOptions options = new JobOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private JobCommand(Job job) {
    this.job = job;
  }

  /** Reads the options, runs the job and returns the exit code. */
  public static int run(String[] args, PrintWriter out, PrintWriter err, Job job) {
    return new CommandLine(new JobCommand(job))
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler((wrong, arguments) -> reportMisuse(wrong))
        .setExecutionExceptionHandler((failure, command, parsed) -> reportFailure(failure, err))
        .execute(args);
  }

  @Override
  public Integer call() throws Exception {
    job.run(settings());
    return DONE;
  }

  private JobSettings settings() {
    try {
      JobSettings settings = options.settings();
      if (settings.trigger() instanceof BatchTrigger.RealTime) {
        RealTimeMode.requireSupport();
      }
      return settings;
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
  }

  private static int reportMisuse(ParameterException wrong) {
    wrong
        .getCommandLine()
        .getErr()
        .println("market-data-job: " + oneLine(wrong.getMessage()) + " (--help shows the options)");
    return MISUSED;
  }

  private static int reportFailure(Exception failure, PrintWriter err) {
    if (failure instanceof StartException) {
      LOG.debug("the job cannot start", failure);
      err.println("market-data-job: cannot start: " + oneLine(failure.getMessage()));
    } else if (failure instanceof JobFailedException) {
      LOG.error("the job cannot continue", failure);
      err.println("market-data-job: failed: " + oneLine(failure.getMessage()));
    } else {
      LOG.error("the job failed", failure);
      err.println("market-data-job: failed: " + oneLine(rootCause(failure)));
    }
    return FAILED;
  }

  private static String rootCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? "" : ": " + cause.getMessage();
    return cause.getClass().getSimpleName() + message;
  }

  private static String oneLine(@Nullable String message) {
    return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
