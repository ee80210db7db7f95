package io.marketstream.local;

import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.maven.Installation;
import io.marketstream.embedded.maven.MavenComponents;
import io.marketstream.embedded.process.ComponentException;
import io.marketstream.local.console.Console;
import io.marketstream.local.run.DataDirectory;
import io.marketstream.local.run.Feed;
import io.marketstream.local.run.FeedPlan;
import io.marketstream.local.run.FolderName;
import io.marketstream.local.run.LiveFeed;
import io.marketstream.local.run.LocalPorts;
import io.marketstream.local.run.LocalStack;
import io.marketstream.local.run.Machine;
import io.marketstream.local.run.PipelineRun;
import io.marketstream.local.run.RunFolder;
import io.marketstream.local.run.RunOptions;
import io.marketstream.local.run.ShutdownSignal;
import io.marketstream.local.run.UsageException;
import io.marketstream.model.DurationText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code market-stream up}: runs the whole pipeline on this machine. */
@Command(
    name = "up",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Starts Cassandra, Kafka, Kafka Connect and the Spark job, and shows live prices that it"
          + " reads back from Cassandra.",
      "A feed is live if its key is in the environment (FINNHUB_TOKEN, COINCAP_API_KEY). Otherwise"
          + " it is simulated. With --live nothing is simulated, and Coinbase, which needs no key, is"
          + " live.",
      "Runs until --duration is over or you press Ctrl-C. A second run on the same data continues"
          + " where the first stopped."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:ticks reached Cassandra, no component died, and every missing tick of the run has a gap"
          + " record",
      "1:something failed; one line says what, and where the log is",
      "2:an option is wrong",
      "3:the run ended before all ticks had arrived; a line says how many are missing where"
    })
final class UpCommand implements Callable<Integer> {
  private static final String DEFAULT_DATA_DIR = ".market-stream";

  private final PrintStream out;
  private final Path root;
  private final Map<String, String> environment;

  // Picocli sets it before it calls the command.
  @SuppressWarnings("NullAway.Init")
  @Spec
  private CommandSpec spec;

  @Option(
      names = "--live",
      description =
          "Real prices only: Coinbase, which needs no key, and each feed whose key is set. Needs"
              + " internet access. The data is for your own use.")
  private boolean live;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description =
          "How long to run, from the first tick that is read back: 60s, 5m, 2h. If no tick comes"
              + " for three minutes, the run fails. Default: until Ctrl-C.")
  private @Nullable String duration;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write counts, latency and figures of the components to this file, as JSON.")
  private @Nullable Path report;

  @Option(
      names = "--screenshot",
      paramLabel = "FILE",
      description = "Write the last table of prices to this file, as an SVG picture.")
  private @Nullable Path screenshot;

  @Option(
      names = "--rate",
      paramLabel = "TICKS_PER_S",
      description =
          "Ticks per second of the simulated feeds together. Default: "
              + RunOptions.DEFAULT_RATE
              + ".")
  private @Nullable Integer rate;

  @Option(
      names = "--real-time",
      description =
          "Run the job in Spark's real-time mode: a tick is in Cassandra within milliseconds."
              + " Needs Spark 4.2, which the first run downloads (300 MB).")
  private boolean realTime;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "The folder for all data and logs. Default: .market-stream in the repository. In an"
              + " unpacked release: .market-stream in the current folder.")
  private @Nullable Path dataDir;

  @Option(
      names = "--start-timeout",
      paramLabel = "TIME",
      description =
          "How long each component may take to start. Raise it for slow disks. Default: 180s.")
  private @Nullable String startTimeout;

  @Option(names = "--clean", description = "Empty the data directory first.")
  private boolean clean;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("UnusedVariable") // picocli reads the annotation only
  private boolean help;

  /**
   * Creates the command.
   *
   * @param out receives progress and prices
   * @param root the repository's root, or the folder of an unpacked release
   * @param environment the environment variables
   */
  UpCommand(PrintStream out, Path root, Map<String, String> environment) {
    this.out = out;
    this.root = root;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    RunOptions options = checkedOptions();
    ShutdownSignal shutdown = ShutdownSignal.ofProcess();
    FolderName.require(isRelease() ? "The installation" : "The repository", root, "move it");
    FolderName.require("The data directory", options.dataDir(), "choose another with --data-dir");
    Machine.requireSupported();
    if (options.feeds().isLive(Feed.COINBASE)) {
      LiveFeed.requireReachable(options);
    }
    try (DataDirectory data = RunFolder.take(options, shutdown)) {
      System.setProperty("marketstream.logs", data.logs().toString());
      // The terminal and the clients load native libraries. Not every /tmp allows that.
      System.setProperty("java.io.tmpdir", data.temporary().toString());
      try (Console console = console(options)) {
        return run(options, data, console, shutdown);
      }
    } catch (IOException e) {
      throw new UsageException("cannot write " + options.dataDir() + ": " + e, e);
    }
  }

  private Console console(RunOptions options) {
    Console console = Console.forOutput(out);
    return options.screenshot().map(file -> Console.withScreenshot(console, file)).orElse(console);
  }

  private int run(
      RunOptions options, DataDirectory data, Console console, ShutdownSignal shutdown) {
    Clock clock = Clock.systemUTC();
    try {
      LocalStack stack =
          new LocalStack(new MavenComponents(options.root()), options, data, console, clock);
      PipelineRun.Outcome outcome =
          new PipelineRun(options, data, stack, console, shutdown, clock).run();
      return switch (outcome) {
        case COMPLETE -> MarketStream.EXIT_OK;
        case INCOMPLETE -> MarketStream.EXIT_INCOMPLETE;
        case NO_TICK -> throw new UsageException("stopped before a tick reached Cassandra");
      };
    } catch (ComponentException | UsageException e) {
      throw e;
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(UpCommand.class).error("The run failed", e);
      throw new ComponentException(e.toString(), data.logs().resolve("market-stream.log"), e);
    }
  }

  private RunOptions checkedOptions() {
    try {
      return options();
    } catch (UsageException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private RunOptions options() {
    FeedPlan feeds = FeedPlan.of(environment, live);
    if (rate != null && feeds.simulated().isEmpty()) {
      throw new UsageException(
          "--rate is for simulated feeds, and no feed is simulated. Leave it out");
    }
    if (rate != null && rate < 1) {
      throw new UsageException("--rate must be 1 or more, not " + rate);
    }
    if (realTime && isRelease()) {
      throw new UsageException(
          "--real-time needs Spark 4.2, which a release does not have. Leave it out, or run it in"
              + " a clone of the repository");
    }
    return new RunOptions(
        root,
        (dataDir == null ? defaultDataDir() : dataDir).toAbsolutePath(),
        clean,
        realTime,
        Optional.ofNullable(duration).map(text -> duration("--duration", text)),
        Optional.ofNullable(report).map(file -> WritableFile.require("--report", file)),
        Optional.ofNullable(screenshot).map(file -> WritableFile.require("--screenshot", file)),
        rate == null ? RunOptions.DEFAULT_RATE : rate,
        startTimeout == null
            ? ComponentSettings.START_TIMEOUT
            : duration("--start-timeout", startTimeout),
        feeds,
        LocalPorts.of(environment),
        environment);
  }

  /** Nobody may be able to write the folder of a release, so its data is not there. */
  private Path defaultDataDir() {
    return isRelease() ? Path.of(DEFAULT_DATA_DIR) : root.resolve(DEFAULT_DATA_DIR);
  }

  private boolean isRelease() {
    return Installation.at(root).isRelease();
  }

  private static Duration duration(String option, String text) {
    try {
      return DurationText.parsePositive(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(option + " " + e.getMessage(), e);
    }
  }
}
