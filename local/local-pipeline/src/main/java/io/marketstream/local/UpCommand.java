package io.marketstream.local;

import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.local.run.DurationText;
import io.marketstream.local.run.FeedPlan;
import io.marketstream.local.run.LocalPorts;
import io.marketstream.local.run.RunOptions;
import io.marketstream.local.run.UsageException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options of {@code market-stream up}. */
@Command(
    name = "up",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Starts Cassandra, Kafka, Kafka Connect and the Spark job, and shows live prices read back"
          + " from Cassandra.",
      "A feed is live when its key is in the environment (FINNHUB_TOKEN, COINCAP_API_KEY), else it"
          + " is simulated.",
      "Runs until --duration is over or Ctrl-C. A second run on the same data goes on where the"
          + " first stopped."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:ticks reached Cassandra and no component died",
      "1:something failed; one line says what, and where the log is",
      "2:an option is wrong",
      "3:the run ended before all ticks had arrived; a line says how many are missing where"
    })
final class UpCommand {
  static final String DEFAULT_DATA_DIR = ".market-stream";

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description =
          "How long to run from the first tick read back: 60s, 5m, 2h. Default: until Ctrl-C.")
  String duration;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write counts, latency and the components' figures there, as JSON.")
  Path report;

  @Option(
      names = "--screenshot",
      paramLabel = "FILE",
      description = "Write the last table of prices there, as an SVG picture.")
  Path screenshot;

  @Option(
      names = "--rate",
      paramLabel = "TICKS_PER_S",
      description =
          "Ticks/s of the simulated feeds together. Default: " + RunOptions.DEFAULT_RATE + ".")
  Integer rate;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Where everything is kept, logs included. Default: .market-stream in the repository.")
  Path dataDir;

  @Option(
      names = "--start-timeout",
      paramLabel = "TIME",
      description = "How long each component may take to start, 180s by default. For slow disks.")
  String startTimeout;

  @Option(names = "--clean", description = "Empty the data directory first.")
  boolean clean;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  boolean help;

  UpCommand() {}

  /**
   * The options, checked.
   *
   * @throws UsageException naming the option that is wrong and what would be right
   */
  RunOptions options(Path root, Map<String, String> environment) {
    FeedPlan feeds = FeedPlan.of(environment);
    if (rate != null && feeds.simulated().isEmpty()) {
      throw new UsageException(
          "--rate is for simulated feeds, and both feeds are live. Leave it out");
    }
    if (rate != null && rate < 1) {
      throw new UsageException("--rate must be 1 or more, not " + rate);
    }
    return new RunOptions(
        root,
        (dataDir == null ? root.resolve(DEFAULT_DATA_DIR) : dataDir).toAbsolutePath(),
        clean,
        Optional.ofNullable(duration).map(DurationText::parse),
        Optional.ofNullable(report).map(file -> WritableFile.require("--report", file)),
        Optional.ofNullable(screenshot).map(file -> WritableFile.require("--screenshot", file)),
        rate == null ? RunOptions.DEFAULT_RATE : rate,
        startTimeout == null ? ComponentSettings.START_TIMEOUT : DurationText.parse(startTimeout),
        feeds,
        LocalPorts.of(environment),
        environment);
  }
}
