package io.marketstream.simulator;

import io.marketstream.simulator.coinbase.CoinbaseSimulator;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.control.ControlEndpoint;
import io.marketstream.simulator.fault.SlowReaders;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.journal.Feed;
import io.marketstream.simulator.journal.JournalFile;
import io.marketstream.simulator.journal.TickJournal;
import io.marketstream.simulator.market.EventTimes;
import io.marketstream.simulator.market.MarketHours;
import io.marketstream.simulator.server.FeedSimulator;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Runs the simulators as a process of their own. Once they listen, it prints one line of JSON with
 * the ports on standard output. Everything else goes to standard error. It ends when its standard
 * input ends, or on SIGTERM.
 */
@Command(
    name = "feed-simulator",
    sortOptions = false,
    description = "Finnhub, CoinCap and Coinbase servers with a market that looks real.")
// picocli sets the options and the spec before it calls the command
@SuppressWarnings("NullAway.Init")
public final class FeedSimulatorMain implements Callable<Integer> {

  private static final String LOG_CONFIGURATION = "logback.configurationFile";

  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  @Spec private CommandSpec spec;

  @Option(
      names = "--feeds",
      split = ",",
      paramLabel = "FEED",
      defaultValue = "finnhub,coincap",
      description = "The feeds to simulate (default: ${DEFAULT-VALUE}).")
  private List<String> feeds;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "The address to listen on. Whoever can reach it can read and inject faults. Default:"
              + " ${DEFAULT-VALUE}.")
  private String host;

  @Option(
      names = "--finnhub-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the Finnhub server. Default: 0, a free port.")
  private int finnhubPort;

  @Option(
      names = "--coincap-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the CoinCap server. Default: 0, a free port.")
  private int coincapPort;

  @Option(
      names = "--coinbase-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the Coinbase server, also for REST. Default: 0, a free port.")
  private int coinbasePort;

  @Option(
      names = "--control-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the HTTP control endpoint. Default: 0, a free port.")
  private int controlPort;

  @Option(
      names = "--rate",
      paramLabel = "TICKS_PER_S",
      defaultValue = "60",
      description =
          "Ticks per second of all feeds together, in equal parts (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Determines prices and volumes. Default: random; the log shows it.")
  private @Nullable Long seed;

  @Option(
      names = "--journal",
      paramLabel = "FILE",
      description = "Writes every tick sent as a line of JSON; replaces the file.")
  private @Nullable Path journalPath;

  @Option(
      names = "--finnhub-token",
      paramLabel = "TOKEN",
      defaultValue = FinnhubSimulator.DEFAULT_TOKEN,
      description = "The token that is accepted (default: ${DEFAULT-VALUE}).")
  private String finnhubToken;

  @Option(
      names = "--coincap-api-key",
      paramLabel = "KEY",
      defaultValue = CoinCapSimulator.DEFAULT_API_KEY,
      description = "The API key that is accepted (default: ${DEFAULT-VALUE}).")
  private String coincapApiKey;

  @Option(
      names = "--symbol-limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "Symbols per Finnhub connection (default: ${DEFAULT-VALUE}).")
  private int symbolLimit;

  @Option(
      names = "--invalid-symbols",
      split = ",",
      paramLabel = "SYMBOL",
      description = "Symbols that Finnhub refuses as invalid.")
  private String[] invalidSymbols = {};

  @Option(
      names = "--invalid-for",
      paramLabel = "SECONDS",
      description = "Accepts the invalid symbols again after this time.")
  private @Nullable Integer invalidForSeconds;

  @Option(
      names = "--spellings",
      split = ",",
      paramLabel = "SYMBOL",
      description = "Symbols that Finnhub does not spell in upper case, like GEMINI:btcusd.")
  private String[] spellings = {};

  @Option(
      names = "--subscription-delay",
      paramLabel = "MS",
      defaultValue = "0",
      description = "How long a subscription takes (default: ${DEFAULT-VALUE}).")
  private int subscriptionDelayMs;

  @Option(
      names = "--slow-readers",
      paramLabel = "ACTION",
      defaultValue = "SKIP",
      description = "What happens to clients that do not read: ${COMPLETION-CANDIDATES}.")
  private SlowReaders.Action slowReaders;

  @Option(
      names = "--slow-reader-bytes",
      paramLabel = "N",
      defaultValue = "67108864",
      description = "How many bytes may wait for one connection (default: ${DEFAULT-VALUE}).")
  private long slowReaderBytes;

  @Option(
      names = "--market-hours",
      paramLabel = "HOURS",
      defaultValue = "none",
      description =
          "none: stocks trade day and night. new-york: the hours of New York. A number of seconds:"
              + " days of that length. Default: ${DEFAULT-VALUE}.")
  private String marketHours;

  @Option(
      names = "--late-share",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "Share of Finnhub trades that are late, 0 to 1 (default: ${DEFAULT-VALUE}).")
  private double lateShare;

  @Option(
      names = "--max-lateness",
      paramLabel = "MS",
      defaultValue = "300000",
      description = "The maximum lateness of such a trade (default: ${DEFAULT-VALUE}).")
  private long maxLatenessMs;

  @Option(
      names = "--delay",
      paramLabel = "MS",
      defaultValue = "0",
      description = "How late all Finnhub trades are (default: ${DEFAULT-VALUE}).")
  private long delayMs;

  @Option(
      names = "--clock-skew",
      paramLabel = "MS",
      defaultValue = "0",
      description = "How far Finnhub's clock is ahead; may be negative (default: 0).")
  private long clockSkewMs;

  @Option(
      names = "--coincap-assets",
      paramLabel = "N",
      defaultValue = "40",
      description = "How many assets CoinCap's ALL has (default: ${DEFAULT-VALUE}).")
  private int coincapAssets;

  @Option(
      names = "--coinbase-products",
      split = ",",
      paramLabel = "PRODUCT",
      defaultValue = "BTC-USD,ETH-USD,SOL-USD",
      description = "The products that Coinbase lists (default: ${DEFAULT-VALUE}).")
  private String[] coinbaseProducts;

  @Option(
      names = "--coinbase-first-ids",
      split = ",",
      paramLabel = "PRODUCT=ID",
      description =
          "The first trade ids of products. Default: the epoch millisecond of the start, so that"
              + " ids rise over restarts as those of the real feed.")
  private Map<String, Long> coinbaseFirstIds = Map.of();

  @Option(
      names = "--coinbase-rest-rate",
      paramLabel = "N",
      defaultValue = "10",
      description = "REST requests that Coinbase allows per second (default: ${DEFAULT-VALUE}).")
  private double coinbaseRestRate;

  @Option(
      names = "--coinbase-rest-burst",
      paramLabel = "N",
      defaultValue = "15",
      description = "REST requests that Coinbase allows at once (default: ${DEFAULT-VALUE}).")
  private int coinbaseRestBurst;

  @Option(
      names = "--coinbase-visibility-delay",
      paramLabel = "MS",
      defaultValue = "0",
      description = "How old a trade is when REST shows it (default: ${DEFAULT-VALUE}).")
  private long coinbaseVisibilityDelayMs;

  @Option(
      names = "--coinbase-history",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Trades per product that Coinbase's REST gives (default: ${DEFAULT-VALUE}).")
  private int coinbaseHistory;

  @Option(names = "--no-stdin", description = "Continue when standard input ends.")
  private boolean noStdin;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("UnusedVariable") // picocli reads the annotation only
  private boolean help;

  public static void main(String[] args) {
    if (System.getProperty(LOG_CONFIGURATION) == null) {
      System.setProperty(LOG_CONFIGURATION, "simulator-logback.xml");
    }
    CommandLine commandLine =
        new CommandLine(new FeedSimulatorMain())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(
                (failure, arguments) -> {
                  CommandLine command = failure.getCommandLine();
                  command
                      .getErr()
                      .println("feed-simulator: " + failure.getMessage() + " (see --help)");
                  return command.getCommandSpec().exitCodeOnInvalidInput();
                })
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  command.getErr().println("feed-simulator: " + failure.getMessage());
                  return command.getCommandSpec().exitCodeOnExecutionException();
                });
    System.exit(commandLine.execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Set<Feed> chosen = chosenFeeds();
    if (!(rate > 0)) {
      throw new ParameterException(spec.commandLine(), "--rate must be above 0, not " + rate);
    }
    long marketSeed = seed != null ? seed : System.nanoTime();
    Thread stop = new Thread(this::stop, "simulator-stop");
    List<FeedSimulator> simulators = new ArrayList<>();
    try (JournalFile file = journalPath == null ? null : journal(journalPath)) {
      try {
        double share = rate / chosen.size();
        for (Feed feed : chosen) {
          simulators.add(start(feed, share, marketSeed, file));
        }
        try (ControlEndpoint control =
            new ControlEndpoint(address(), controlPort, simulators, file)) {
          Runtime.getRuntime().addShutdownHook(stop);
          System.out.println(ports(simulators, control));
          System.out.flush();
          if (!noStdin) {
            endWithStdin();
          }
          ended.await();
        }
      } finally {
        simulators.forEach(FeedSimulator::close);
      }
    } finally {
      stopped.countDown();
    }
    return CommandLine.ExitCode.OK;
  }

  private Set<Feed> chosenFeeds() {
    try {
      return feeds.stream().map(Feed::ofWireName).collect(Collectors.toCollection(TreeSet::new));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--feeds: " + e.getMessage(), e);
    }
  }

  private InetAddress address() {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new ParameterException(
          spec.commandLine(), "--host: there is no address for '" + host + "'", e);
    }
  }

  private FeedSimulator start(
      Feed feed, double ticksPerSecond, long marketSeed, @Nullable JournalFile file) {
    TickJournal journal = file == null ? TickJournal.countsOnly() : TickJournal.toFile(file);
    return switch (feed) {
      case FINNHUB -> startFinnhub(journal, ticksPerSecond, marketSeed);
      case COINCAP ->
          CoinCapSimulator.builder()
              .host(address())
              .port(coincapPort)
              .apiKeys(coincapApiKey)
              .assets(coincapAssets)
              .slowReaders(new SlowReaders(slowReaders, slowReaderBytes))
              .journal(journal)
              .market(ticksPerSecond, marketSeed)
              .start();
      case COINBASE ->
          CoinbaseSimulator.builder()
              .host(address())
              .port(coinbasePort)
              .products(coinbaseProducts)
              .firstTradeIds(firstIds())
              .maxHistory(coinbaseHistory)
              .restLimit(coinbaseRestRate, coinbaseRestBurst)
              .visibilityDelay(Duration.ofMillis(coinbaseVisibilityDelayMs))
              .slowReaders(new SlowReaders(slowReaders, slowReaderBytes))
              .journal(journal)
              .market(ticksPerSecond, marketSeed)
              .start();
    };
  }

  /** A market trades less than once per millisecond, so a later start has higher ids. */
  private Map<String, Long> firstIds() {
    Map<String, Long> ids = new HashMap<>();
    for (String product : coinbaseProducts) {
      ids.put(product, System.currentTimeMillis());
    }
    ids.putAll(coinbaseFirstIds);
    return ids;
  }

  private FinnhubSimulator startFinnhub(
      TickJournal journal, double ticksPerSecond, long marketSeed) {
    FinnhubSimulator.Builder builder = FinnhubSimulator.builder();
    hours().ifPresent(builder::hours);
    FinnhubSimulator simulator =
        builder
            .eventTimes(eventTimes())
            .host(address())
            .port(finnhubPort)
            .tokens(finnhubToken)
            .slowReaders(new SlowReaders(slowReaders, slowReaderBytes))
            .symbolLimit(symbolLimit)
            .spellings(spellings)
            .subscriptionDelay(Duration.ofMillis(subscriptionDelayMs))
            .journal(journal)
            .market(ticksPerSecond, marketSeed)
            .start();
    if (invalidForSeconds != null) {
      simulator
          .faults()
          .refuseSubscriptions(Set.of(invalidSymbols), Duration.ofSeconds(invalidForSeconds));
    } else {
      simulator.faults().refuseSubscriptions(Set.of(invalidSymbols));
    }
    return simulator;
  }

  private Optional<MarketHours> hours() {
    if (marketHours.equals("none")) {
      return Optional.empty();
    }
    if (marketHours.equals("new-york")) {
      return Optional.of(MarketHours.newYork());
    }
    try {
      return Optional.of(
          MarketHours.everyDayLasting(Duration.ofSeconds(Long.parseLong(marketHours))));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--market-hours must be none, new-york or a number of seconds, not " + marketHours,
          e);
    }
  }

  private EventTimes eventTimes() {
    try {
      return new EventTimes(
          Duration.ofMillis(delayMs),
          Duration.ofMillis(clockSkewMs),
          lateShare,
          Duration.ofMillis(maxLatenessMs));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static JournalFile journal(Path path) throws IOException {
    try {
      return new JournalFile(path);
    } catch (IOException e) {
      throw new IOException("Cannot write --journal " + path + ": " + e, e);
    }
  }

  private static String ports(List<FeedSimulator> simulators, ControlEndpoint control) {
    return Stream.concat(
            simulators.stream()
                .map(simulator -> "\"" + simulator.feed().wireName() + "\":" + simulator.port()),
            Stream.of("\"control\":" + control.port()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  /**
   * Ends this process when standard input ends. The launcher holds the other end, which closes
   * however the launcher dies.
   */
  private void endWithStdin() {
    Thread watcher =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                // Treat a broken standard input like one that has ended.
              }
              ended.countDown();
            },
            "simulator-stdin");
    watcher.setDaemon(true);
    watcher.start();
  }

  /** Waits at SIGTERM until the sockets are closed and the journal is written. */
  private void stop() {
    ended.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
