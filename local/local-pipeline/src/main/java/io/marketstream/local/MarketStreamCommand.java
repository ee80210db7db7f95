package io.marketstream.local;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options of {@code market-stream} itself. */
@Command(
    name = "market-stream",
    usageHelpAutoWidth = true,
    description = "Live market data from websockets to tables, on this machine.",
    footer = {"", "Try: ./market-stream up --duration 60s --report report.json"})
final class MarketStreamCommand {
  private final UpCommand up = new UpCommand();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  boolean help;

  MarketStreamCommand() {}

  /** A command line that fills this. */
  CommandLine commandLine() {
    // A folder may be called @home: no file of options is meant.
    return new CommandLine(this).addSubcommand(up).setExpandAtFiles(false);
  }

  /** What was asked of {@code up}. */
  UpCommand up() {
    return up;
  }
}
