package io.marketstream.api.cli;

import io.marketstream.api.cassandra.Database;
import io.marketstream.api.cassandra.DatabaseUnavailableException;
import io.marketstream.api.export.DataKind;
import io.marketstream.api.export.DecimalForm;
import io.marketstream.api.export.Export;
import io.marketstream.api.export.ExportFailedException;
import io.marketstream.api.export.ExportRequest;
import io.marketstream.api.export.ExportResult;
import io.marketstream.api.export.FileFormat;
import io.marketstream.model.CandleInterval;
import io.marketstream.model.Limits;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code ./market-stream export} with its options. */
@Command(
    name = "market-stream export",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Writes ticks, candles and gaps to files that DuckDB, pandas and Polars read: one file per kind"
          + " of data, symbol and day (UTC). Decimals are exact.",
      "It only reads the tables. For a cluster that asks for a login, set CASSANDRA_USERNAME and"
          + " CASSANDRA_PASSWORD."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything is written, or there are no rows",
      "1:the export failed; files that are complete stay",
      "2:an option is wrong, a symbol is unknown, or a file exists; nothing is written",
      "130:stopped with Ctrl-C; files that are complete stay"
    })
final class ExportCommand implements Callable<Integer> {
  /** The word that chooses this command. */
  static final String WORD = "export";

  private static final String LOCAL_PORTS = "MARKET_STREAM_PORTS";
  private static final int MAX_DAYS = 3_660;
  private static final int DATE_LENGTH = 10;
  private static final int MAX_NAMED_RANGES = 5;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--symbol",
      required = true,
      paramLabel = "SYMBOL,…",
      description =
          "The symbols, as the feed spells them, or with their source: finnhub:AAPL. May be"
              + " repeated.")
  private List<String> symbols = new ArrayList<>();

  @Option(
      names = "--from",
      required = true,
      paramLabel = "TIME",
      description = "The first time: a date such as 2026-11-29, or 2026-11-29T14:30:00Z.")
  private String from = "";

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "The end, which is not included. Default: now.")
  private @Nullable String to;

  @Option(
      names = "--format",
      paramLabel = "parquet|csv",
      defaultValue = "parquet",
      description = "The format of the files. Default: ${DEFAULT-VALUE}.")
  private String format = "";

  @Option(
      names = "--data",
      paramLabel = "KIND,…",
      split = ",",
      defaultValue = "ticks,candles,gaps",
      description = "What to export. Default: ${DEFAULT-VALUE}.")
  private List<String> data = new ArrayList<>();

  @Option(
      names = "--interval",
      paramLabel = "1m,…",
      split = ",",
      description = "Intervals of candles. Default: all that the job stores.")
  private List<String> intervals = new ArrayList<>();

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description = "Only symbols of this source, if several sources have the symbol.")
  private @Nullable String source;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      defaultValue = "export",
      description = "The folder of the files. Default: ${DEFAULT-VALUE}.")
  private Path output = Path.of("export");

  @Option(names = "--overwrite", description = "Replaces files that exist.")
  private boolean isOverwriting;

  @Option(
      names = "--decimals",
      paramLabel = "decimal|text",
      defaultValue = "decimal",
      description =
          "How Parquet holds prices and volumes: as DECIMAL with 24 and 18 places, or as text,"
              + " which holds every value. Default: ${DEFAULT-VALUE}.")
  private String decimals = "";

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @SuppressWarnings("unused") // picocli looks at it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean isHelpRequested;

  private final Map<String, String> environment;
  private final CountDownLatch stopped;
  private final Clock clock;
  private final boolean isTerminal;

  /**
   * @param stopped ends the export when it reaches zero
   * @param isTerminal whether standard error can show a moving bar
   */
  ExportCommand(
      Map<String, String> environment, CountDownLatch stopped, Clock clock, boolean isTerminal) {
    this.environment = environment;
    this.stopped = stopped;
    this.clock = clock;
    this.isTerminal = isTerminal;
  }

  /** Parses, exports, and returns the exit code. */
  static int run(ExportCommand command, List<String> args, PrintWriter out, PrintWriter err) {
    return commandLine(command, err)
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(
            (e, unused) -> {
              err.println(
                  "market-stream: "
                      + Failures.oneLine(e.getMessage())
                      + " (./market-stream export --help shows the options)");
              return CommandLine.ExitCode.USAGE;
            })
        .execute(args.toArray(String[]::new));
  }

  /** The parser of the command line. */
  static CommandLine commandLine(ExportCommand command, PrintWriter err) {
    return new CommandLine(command)
        .setExpandAtFiles(false)
        .setDefaultValueProvider(command::defaultValue)
        .setExecutionExceptionHandler(
            (e, unused, result) -> {
              if (command.stopped.getCount() == 0) {
                err.println("market-stream: the export was stopped. Files that are complete stay");
                return 130;
              }
              err.println("market-stream: " + message(e));
              return e instanceof ExportFailedException failed && failed.isRefused()
                  ? CommandLine.ExitCode.USAGE
                  : CommandLine.ExitCode.SOFTWARE;
            });
  }

  private static String message(Exception e) {
    if (e instanceof DatabaseUnavailableException) {
      return Failures.oneLine(e.getMessage() + ": " + Failures.rootMessage(e))
          + ". Is it running, and is --cassandra right?";
    }
    return Failures.oneLine(
        e instanceof ExportFailedException ? e.getMessage() : Failures.rootMessage(e));
  }

  /** The environment sets the options of the cluster, as for the API. */
  private @Nullable String defaultValue(CommandLine.Model.ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return null;
    }
    String name = option.longestName();
    boolean isOfCluster =
        Set.of("--cassandra", "--datacenter", "--keyspace", "--cassandra-config").contains(name);
    String value = isOfCluster ? environment.get(ClusterOptions.variable(name)) : null;
    if (value != null) {
      return value;
    }
    String ports = environment.getOrDefault(LOCAL_PORTS, "");
    return name.equals("--cassandra") && !ports.isBlank()
        ? "127.0.0.1:" + ports.substring(ports.lastIndexOf(',') + 1).strip()
        : option.defaultValue();
  }

  @Override
  public Integer call() {
    ExportRequest request = request();
    try (Database database = new Database(cluster.settings(environment, commandLine()))) {
      database.open();
      long begin = System.nanoTime();
      ExportResult result =
          new Export(
                  database.tables(),
                  request,
                  new ExportProgressText(commandLine().getErr(), isTerminal, System::nanoTime),
                  () -> stopped.getCount() == 0,
                  clock)
              .run();
      report(request, result, System.nanoTime() - begin, commandLine().getOut());
    }
    return CommandLine.ExitCode.OK;
  }

  private ExportRequest request() {
    Instant now = clock.instant();
    long begin = time("--from", from);
    long end = to == null ? now.toEpochMilli() : time("--to", to);
    if (begin >= end) {
      throw wrong("--from " + from + " is not before --to " + (to == null ? now : to));
    }
    if (end - begin > Duration.ofDays(MAX_DAYS).toMillis()) {
      throw wrong("--from is more than " + MAX_DAYS + " days before --to. Export shorter ranges");
    }
    if (source != null && !source.matches(Limits.SOURCE_PATTERN)) {
      throw wrong("--source '" + source + "' is not a source name such as finnhub");
    }
    if (symbols.stream().anyMatch(String::isBlank)) {
      throw wrong("--symbol is empty");
    }
    if (Files.exists(output) && !Files.isDirectory(output)) {
      throw wrong("--output " + output + " is a file. Name a folder");
    }
    FileFormat chosen = choice("--format", format, FileFormat.values());
    DecimalForm form = choice("--decimals", decimals, DecimalForm.values());
    if (form == DecimalForm.TEXT && chosen == FileFormat.CSV) {
      throw wrong("--decimals text has no effect on CSV, where decimals are always text");
    }
    Set<DataKind> kinds = EnumSet.noneOf(DataKind.class);
    data.forEach(word -> kinds.add(choice("--data", word, DataKind.values())));
    if (!intervals.isEmpty() && !kinds.contains(DataKind.CANDLES)) {
      throw wrong("--interval has no effect without candles in --data");
    }
    return new ExportRequest(
        symbols,
        Optional.ofNullable(source),
        begin,
        end,
        kinds,
        intervals.stream().map(this::interval).distinct().toList(),
        chosen,
        form,
        output,
        isOverwriting);
  }

  private String interval(String text) {
    try {
      return CandleInterval.parse(text.strip()).name();
    } catch (IllegalArgumentException e) {
      throw wrong("--interval: " + e.getMessage());
    }
  }

  private long time(String option, String text) {
    try {
      long millis =
          text.length() == DATE_LENGTH
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli()
              : Instant.parse(text).toEpochMilli();
      if (millis >= 0 && millis <= Limits.MAX_TIME_MS) {
        return millis;
      }
    } catch (DateTimeParseException | ArithmeticException e) {
      // said below
    }
    throw wrong(option + " '" + text + "' is not a time. Write 2026-11-29 or 2026-11-29T14:30:00Z");
  }

  private <E extends Enum<E>> E choice(String option, String word, E[] choices) {
    List<String> words = new ArrayList<>();
    for (E each : choices) {
      String name = each.name().toLowerCase(Locale.ROOT);
      if (name.equals(word.strip())) {
        return each;
      }
      words.add(name);
    }
    throw wrong(option + " '" + word + "' is not one of " + String.join(", ", words));
  }

  private void report(ExportRequest request, ExportResult result, long nanos, PrintWriter out) {
    for (ExportResult.Empty empty : result.empty()) {
      out.println(
          "no "
              + empty.kind().word()
              + " of "
              + empty.instrument()
              + " on "
              + ranges(empty.days())
              + (empty.hasOldFiles() ? " (old files stay)" : ""));
    }
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    LocalDate last = LocalDate.ofInstant(Instant.ofEpochMilli(request.to() - 1), ZoneOffset.UTC);
    if (!last.isBefore(today)) {
      out.println(
          today
              + " is not over: its files are a snapshot. Export them again tomorrow, with"
              + " --overwrite");
    }
    out.printf(
        Locale.ROOT,
        "wrote %,d files with %,d rows (%,d KB) to %s in %.1f s%n",
        result.files(),
        result.rows(),
        (result.bytes() + 1023) / 1024,
        request.folder(),
        nanos / 1e9);
    out.flush();
  }

  /** Days as ranges: {@code 2026-11-01 to 2026-11-05, 2026-11-09}. */
  static String ranges(List<LocalDate> days) {
    List<String> ranges = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= days.size(); i++) {
      if (i == days.size() || !days.get(i).equals(days.get(i - 1).plusDays(1))) {
        ranges.add(days.get(first) + (i - 1 == first ? "" : " to " + days.get(i - 1)));
        first = i;
      }
    }
    return ranges.stream().limit(MAX_NAMED_RANGES).collect(Collectors.joining(", "))
        + (ranges.size() > MAX_NAMED_RANGES
            ? " and " + (ranges.size() - MAX_NAMED_RANGES) + " more ranges of days"
            : "");
  }

  private ParameterException wrong(String message) {
    return new ParameterException(commandLine(), message);
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec).commandLine();
  }
}
