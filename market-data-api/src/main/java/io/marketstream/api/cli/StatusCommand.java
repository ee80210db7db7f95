package io.marketstream.api.cli;

import io.marketstream.api.status.Status;
import io.marketstream.api.status.StatusCheck;
import io.marketstream.api.status.StatusTarget;
import io.marketstream.api.status.StatusText;
import io.marketstream.model.DurationText;
import io.marketstream.model.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code ./market-stream status} with its options. */
@Command(
    name = "market-stream status",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Shows on one screen whether a pipeline is healthy: connectors, feeds, ticks per second, the"
          + " lag of the job, latency, the gaps of the last hour, and how complete today is.",
      "Without options it looks at the running `up` of the data folder. For another cluster, name"
          + " its parts; those that you do not name are not read. It only reads.",
      "Logins are set in the environment: CASSANDRA_USERNAME and CASSANDRA_PASSWORD,"
          + " CONNECT_USERNAME and CONNECT_PASSWORD."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything is healthy",
      "1:something is not healthy, or a part cannot be read; the last lines say what",
      "2:an option is wrong, or nothing can be read"
    },
    footerHeading = "%nWhat the figures are:%n",
    footer = {
      "  feeds    of the newest heartbeat of each connector; the feed delay is the",
      "           median of received_at - event_time",
      "  ticks    how far the ends of the topics move within two seconds",
      "  job      lag: records in the topics that the job has not reported as written",
      "           (table job_progress); behind: how long ago the tables had everything",
      "  latency  write time - received_at of the newest rows of the table ticks",
      "  gaps     those of the last hour in the table feed_gaps",
      "  today    how much of the time since the first connection of the day (UTC) lies",
      "           in no gap; below 99 % is not healthy"
    })
public final class StatusCommand implements Callable<Integer> {
  static final String WORD = "status";

  private static final int NOT_HEALTHY = 1;
  private static final String LOCAL_PORTS = "MARKET_STREAM_PORTS";
  private static final Duration MIN_TIMEOUT = Duration.ofSeconds(5); // ticks are counted for two
  private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "The data folder of the `up` to look at. Default: that of `up`.")
  private @Nullable Path dataDir;

  @Option(
      names = "--connect",
      paramLabel = "URL,…",
      split = ",",
      description =
          "Workers of Kafka Connect, such as http://127.0.0.1:8083. For a private certificate, set"
              + " a trust store in JAVA_TOOL_OPTIONS.")
  private List<String> connect = new ArrayList<>();

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT,…",
      description = "The brokers of Kafka.")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "Properties of a Kafka client, for a cluster with TLS or a login.")
  private @Nullable Path kafkaConfig;

  @Option(
      names = "--topics",
      paramLabel = "NAME",
      split = ",",
      defaultValue = Topics.TICKS,
      description = "The topics of ticks. Default: ${DEFAULT-VALUE}.")
  private List<String> topics = new ArrayList<>();

  @Option(
      names = "--gaps-topic",
      paramLabel = "NAME",
      defaultValue = Topics.GAPS,
      description = "The topic of gaps. Default: ${DEFAULT-VALUE}.")
  private String gapsTopic = "";

  @Option(
      names = "--heartbeats-topic",
      paramLabel = "NAME",
      defaultValue = Topics.HEARTBEATS,
      description = "The topic of heartbeats. Default: ${DEFAULT-VALUE}.")
  private String heartbeatsTopic = "";

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--max-delay",
      paramLabel = "TIME",
      defaultValue = "30s",
      description =
          "How far the job may be behind, and how late the newest rows may be. Default:"
              + " ${DEFAULT-VALUE}.")
  private String maxDelay = "";

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "How long to wait for answers. Default: ${DEFAULT-VALUE}.")
  private String timeout = "";

  @Option(names = "--json", description = "Writes one JSON object instead of the screen.")
  private boolean isJson;

  @SuppressWarnings("unused") // picocli looks at it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean isHelpRequested;

  private final Map<String, String> environment;
  private final Path defaultDataDir;
  private final Clock clock;
  private final boolean isTerminal;

  /**
   * Makes the command.
   *
   * @param defaultDataDir the data folder of {@code up} without options
   * @param isTerminal whether the output may have colours
   */
  StatusCommand(
      Map<String, String> environment, Path defaultDataDir, Clock clock, boolean isTerminal) {
    this.environment = environment;
    this.defaultDataDir = defaultDataDir;
    this.clock = clock;
    this.isTerminal = isTerminal;
  }

  /** Parses, looks, and returns the exit code. */
  static int run(StatusCommand command, List<String> args, PrintWriter out, PrintWriter err) {
    return commandLine(command)
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(
            (e, unused) -> {
              err.println(
                  "market-stream: "
                      + Failures.oneLine(e.getMessage())
                      + " (./market-stream status --help shows the options)");
              return CommandLine.ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (e, unused, result) -> {
              if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
              }
              err.println("market-stream: " + Failures.oneLine(Failures.rootMessage(e)));
              return CommandLine.ExitCode.USAGE;
            })
        .execute(args.toArray(String[]::new));
  }

  /** The parser of the command line. */
  static CommandLine commandLine(StatusCommand command) {
    return new CommandLine(command)
        .setExpandAtFiles(false)
        .setDefaultValueProvider(
            argument ->
                argument instanceof OptionSpec option
                    ? command.environment(option.longestName()).orElseGet(option::defaultValue)
                    : null);
  }

  private Optional<String> environment(String option) {
    return List.of("--cassandra", "--datacenter", "--keyspace", "--cassandra-config")
            .contains(option)
        ? Optional.ofNullable(environment.get(ClusterOptions.variable(option)))
        : Optional.empty();
  }

  @Override
  public Integer call() throws InterruptedException {
    StatusTarget target = target();
    Status status = StatusCheck.run(target, clock);
    PrintWriter out = commandLine().getOut();
    if (isJson) {
      out.println(status.toJson());
    } else {
      new StatusText(isTerminal && !environment.containsKey("NO_COLOR"))
          .lines(status)
          .forEach(out::println);
    }
    out.flush();
    if (!status.hasSeenAnything()) {
      commandLine()
          .getErr()
          .println(
              "market-stream: nothing can be read. "
                  + (isLocal()
                      ? "Start ./market-stream up, or name a cluster (./market-stream status"
                          + " --help shows the options)"
                      : "Check the options"));
      return CommandLine.ExitCode.USAGE;
    }
    return status.isHealthy() ? CommandLine.ExitCode.OK : NOT_HEALTHY;
  }

  private boolean isLocal() {
    return connect.isEmpty() && bootstrapServers == null && !isCassandraNamed();
  }

  private boolean isCassandraNamed() {
    return isGiven("--cassandra") || environment("--cassandra").isPresent();
  }

  private boolean isGiven(String option) {
    return commandLine().getParseResult().hasMatchedOption(option);
  }

  private StatusTarget target() {
    if (isLocal()) {
      return localTarget();
    }
    if (dataDir != null) {
      throw wrong("--data-dir cannot be combined with the options of another cluster");
    }
    if (kafkaConfig != null && bootstrapServers == null) {
      throw wrong("--kafka-config has no effect without --bootstrap-servers");
    }
    return new StatusTarget(
        connect.isEmpty() ? Optional.empty() : Optional.of(connectTarget(connect)),
        Optional.ofNullable(bootstrapServers).map(this::kafkaTarget),
        isCassandraNamed()
            ? Optional.of(cluster.settings(environment, commandLine()))
            : Optional.empty(),
        duration("--max-delay", maxDelay),
        timeout());
  }

  /** The pipeline of {@code up}, which writes its ports into its data folder. */
  private StatusTarget localTarget() {
    LocalPipeline local = localPipeline();
    return new StatusTarget(
        Optional.of(connectTarget(List.of("http://127.0.0.1:" + local.connect()))),
        Optional.of(kafkaTarget("127.0.0.1:" + local.kafka())),
        Optional.of(cluster.settings(environment, commandLine(), "127.0.0.1:" + local.cassandra())),
        duration("--max-delay", maxDelay),
        timeout());
  }

  private LocalPipeline localPipeline() {
    try {
      return LocalPipeline.of(
          dataDir == null ? defaultDataDir : dataDir,
          dataDir != null,
          Optional.ofNullable(environment.get(LOCAL_PORTS)));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private StatusTarget.Connect connectTarget(List<String> urls) {
    return new StatusTarget.Connect(
        urls.stream().map(this::url).toList(),
        ClusterOptions.login(environment, commandLine(), "CONNECT"));
  }

  private URI url(String text) {
    try {
      URI uri = URI.create(text.strip());
      if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw wrong("--connect '" + text + "' is not a URL such as http://127.0.0.1:8083");
  }

  private StatusTarget.Kafka kafkaTarget(String servers) {
    Map<String, Object> settings = new HashMap<>();
    if (kafkaConfig != null) {
      Properties properties = new Properties();
      try (Reader file = Files.newBufferedReader(kafkaConfig)) {
        properties.load(file);
      } catch (IOException e) {
        throw wrong("--kafka-config " + kafkaConfig + " cannot be read");
      }
      properties.stringPropertyNames().forEach(key -> settings.put(key, properties.get(key)));
    }
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
    return new StatusTarget.Kafka(settings, topics, gapsTopic, heartbeatsTopic);
  }

  private Duration timeout() {
    Duration chosen = duration("--timeout", timeout);
    if (chosen.compareTo(MIN_TIMEOUT) < 0 || chosen.compareTo(MAX_TIMEOUT) > 0) {
      throw wrong("--timeout " + timeout + " is not from 5s to 5m");
    }
    return chosen;
  }

  private Duration duration(String option, String text) {
    try {
      return DurationText.parsePositive(text);
    } catch (IllegalArgumentException e) {
      throw wrong(option + ": " + e.getMessage());
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(commandLine(), message);
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec).commandLine();
  }
}
