package io.marketstream.auditor.cli;

import io.marketstream.auditor.cluster.AuditRefusedException;
import io.marketstream.auditor.cluster.AuditScope;
import io.marketstream.auditor.cluster.AuditTarget;
import io.marketstream.auditor.cluster.AuditedTopics;
import io.marketstream.auditor.cluster.TopicAudit;
import io.marketstream.auditor.cluster.VenueScope;
import io.marketstream.model.CandleInterval;
import io.marketstream.model.DurationText;
import io.marketstream.model.Tables;
import io.marketstream.model.Topics;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code ./market-stream audit} with its options. */
@Command(
    name = "market-stream audit",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Checks the tables of a cluster and reports everything that is wrong: missing ticks that no"
          + " gap explains, ticks that are stored twice, candles and latest ticks that are not the"
          + " result of their ticks. With --bootstrap-servers it also compares every value with the"
          + " topics.",
      "With --venue it also compares the ticks of one source with what the venue itself says.",
      "It only reads; with --daily it writes the table audited_days.",
      "Set the login for Cassandra in the environment: CASSANDRA_USERNAME and CASSANDRA_PASSWORD."
    },
    exitCodeOnInvalidInput = AuditMain.NO_AUDIT,
    exitCodeOnExecutionException = AuditMain.NO_AUDIT,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything is explained",
      "1:there is a finding; the report names each",
      "2:no audit was made: an option is wrong, the cluster or the venue cannot be read, there is"
          + " nothing to audit, the heap is too small, or Java or the build is missing; with --daily, also that"
          + " the job has not reached the end of a day"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the other options and the spec
final class AuditCommand implements Callable<Integer> {
  static final String USERNAME = "CASSANDRA_USERNAME";
  static final String PASSWORD = "CASSANDRA_PASSWORD";

  private static final String VENUE = "--venue";
  private static final String LOCAL_PORTS = "MARKET_STREAM_PORTS";
  private static final int STANDARD_PORT = 9042;

  @Option(
      names = "--cassandra",
      paramLabel = "HOST:PORT",
      description =
          "A node of Cassandra; without a port, 9042. Default: the node that `up` starts,"
              + " 127.0.0.1:9042.")
  @Nullable String cassandra;

  @Option(
      names = "--datacenter",
      paramLabel = "NAME",
      defaultValue = "datacenter1",
      description = "The node's data centre. Default: ${DEFAULT-VALUE}.")
  String datacenter;

  @Option(
      names = "--cassandra-config",
      paramLabel = "FILE",
      description = "Settings of Cassandra's Java driver (HOCON), for a cluster with TLS.")
  @Nullable Path cassandraConfig;

  @Option(
      names = "--keyspace",
      paramLabel = "NAME",
      defaultValue = Tables.KEYSPACE,
      description = "The keyspace of the tables. Default: ${DEFAULT-VALUE}.")
  String keyspace;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT,…",
      description = "The brokers of Kafka. Default: the topics are not read.")
  @Nullable String bootstrapServers;

  @Option(
      names = "--topics",
      paramLabel = "NAME",
      split = ",",
      defaultValue = Topics.TICKS,
      description = "The topics of ticks. Default: ${DEFAULT-VALUE}.")
  List<String> topics;

  @Option(
      names = "--gaps-topic",
      paramLabel = "NAME",
      defaultValue = Topics.GAPS,
      description = "The topic of gaps. Default: ${DEFAULT-VALUE}.")
  String gapsTopic;

  @Option(
      names = "--rejected-topic",
      paramLabel = "NAME",
      defaultValue = Topics.REJECTED,
      description = "The topic of rejects. Default: ${DEFAULT-VALUE}.")
  String rejectedTopic;

  @Option(
      names = "--heartbeats-topic",
      paramLabel = "NAME",
      defaultValue = Topics.HEARTBEATS,
      description = "The topic of heartbeats. Default: ${DEFAULT-VALUE}.")
  String heartbeatsTopic;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "Properties of a Kafka client, for a cluster with TLS or a login.")
  @Nullable Path kafkaConfig;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      split = ",",
      description = "Audit only these sources. Default: all.")
  List<String> sources = List.of();

  @Option(
      names = "--last",
      paramLabel = "TIME",
      description = "Audit the last 24h, 7d …, by event time. Default: 24h.")
  @Nullable String last;

  @Option(
      names = "--since",
      paramLabel = "INSTANT",
      description = "Audit from this event time on, for example 2026-11-24T14:00:00Z.")
  @Nullable String since;

  @Option(
      names = "--until",
      paramLabel = "INSTANT",
      description = "Audit only before this event time. Default: up to now.")
  @Nullable String until;

  @Option(
      names = "--daily",
      description =
          "Audit each day (UTC) that is over and has no verdict yet. Store the verdicts in the"
              + " table audited_days. --last sets how far to look back, by default 7d.")
  boolean daily;

  @Option(
      names = "--candles",
      paramLabel = "INTERVAL",
      split = ",",
      description =
          "Check only these candle intervals, for example 1m,1h. Default: those that the job"
              + " reports.")
  List<String> candles = List.of();

  @Option(
      names = "--lateness",
      paramLabel = "TIME",
      description = "The job's --lateness. Default: that which the job reports, else 2m.")
  @Nullable String lateness;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "60s",
      description =
          "How long to wait for a job that is behind. Ticks that it has not reached by then are on"
              + " their way. Default: ${DEFAULT-VALUE}.")
  String maxWait;

  @Option(
      names = "--settle",
      paramLabel = "TIME",
      defaultValue = "60s",
      description =
          "How much later than the ticks around it a gap may reach its table. Missing ticks that are"
              + " younger are on their way. Default: ${DEFAULT-VALUE}.")
  String settling;

  @Option(
      names = "--sent",
      paramLabel = "FILE",
      description = "A journal of the simulators (their --journal): the ticks written to sockets.")
  @Nullable Path sent;

  @Option(
      names = VENUE,
      description =
          "Also compare the ticks of one source with the REST API of its venue, Coinbase Exchange."
              + " No key is needed.")
  boolean venue;

  @Option(
      names = "--venue-url",
      paramLabel = "URL",
      defaultValue = "https://api.exchange.coinbase.com",
      description = "The REST API of the venue. Default: ${DEFAULT-VALUE}.")
  String venueUrl;

  @Option(
      names = "--venue-source",
      paramLabel = "NAME",
      defaultValue = "coinbase",
      description = "The source that records the venue. Default: ${DEFAULT-VALUE}.")
  String venueSource;

  @Option(
      names = "--venue-products",
      paramLabel = "NAME",
      split = ",",
      description = "Compare only these products, for example BTC-USD. Default: all of the source.")
  List<String> venueProducts = List.of();

  @Option(
      names = "--venue-last",
      paramLabel = "TIME",
      defaultValue = "1h",
      description =
          "How much of the end of the audited time is compared with the venue. The newest minute is"
              + " never compared. Default: ${DEFAULT-VALUE}.")
  String venueLast;

  @Option(
      names = "--venue-requests",
      paramLabel = "NUMBER",
      defaultValue = "600",
      description =
          "Give up rather than send more requests to the venue. A request reads up to 1000 trades,"
              + " and three are sent per second. Default: ${DEFAULT-VALUE}.")
  int venueRequests;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write counts, notes and findings to this file, as JSON.")
  @Nullable Path report;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  @Spec private CommandSpec spec;

  private final PrintStream out;
  private final Map<String, String> environment;
  private final Clock clock;
  private final Optional<Function<AuditTarget, TopicAudit>> otherEngine;

  /**
   * @param out gets the report
   * @param environment the environment variables
   * @param otherEngine audits symbols with their records; empty to do it in this process
   */
  AuditCommand(
      PrintStream out,
      Map<String, String> environment,
      Clock clock,
      Optional<Function<AuditTarget, TopicAudit>> otherEngine) {
    this.out = out;
    this.environment = environment;
    this.clock = clock;
    this.otherEngine = otherEngine;
  }

  @Override
  public Integer call() {
    AuditRun audit;
    try {
      audit = options();
    } catch (AuditRefusedException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    return audit.run(out, clock, otherEngine) ? AuditMain.EXPLAINED : AuditMain.NOT_EXPLAINED;
  }

  /**
   * Checks the options.
   *
   * @throws AuditRefusedException if an option is wrong; the message says what would be right
   */
  AuditRun options() {
    if (last != null && since != null) {
      throw new AuditRefusedException("--last and --since exclude each other. Leave one out");
    }
    if (daily && (since != null || until != null || sent != null)) {
      throw new AuditRefusedException(
          "--daily cannot be combined with --since, --until or --sent. Use --last");
    }
    if (!venue) {
      requireNoVenueOption();
    }
    Instant from =
        since == null
            ? clock
                .instant()
                .minus(duration("--last", last == null ? (daily ? "7d" : "24h") : last))
            : instant("--since", since);
    Optional<Instant> to = Optional.ofNullable(until).map(text -> instant("--until", text));
    if (to.isPresent() && !to.get().isAfter(from)) {
      throw new AuditRefusedException("--until " + until + " is not after " + from);
    }
    return new AuditRun(
        target(),
        new AuditScope(
            Set.copyOf(sources),
            Optional.of(from),
            to,
            candles.isEmpty() ? Optional.empty() : Optional.of(intervals()),
            Optional.ofNullable(lateness).map(text -> duration("--lateness", text)),
            duration("--settle", settling),
            duration("--wait", maxWait)),
        Optional.ofNullable(sent).map(file -> requireReadable("--sent", file)),
        Optional.ofNullable(report).map(file -> requireWritable("--report", file)),
        venue ? Optional.of(venueScope()) : Optional.empty(),
        daily);
  }

  /** Refuses options of a comparison that was not asked for. It would seem to find nothing. */
  private void requireNoVenueOption() {
    spec.commandLine().getParseResult().matchedOptions().stream()
        .map(OptionSpec::longestName)
        .filter(name -> name.startsWith(VENUE + "-"))
        .findFirst()
        .ifPresent(
            name -> {
              throw new AuditRefusedException(name + " has no effect without " + VENUE);
            });
  }

  private VenueScope venueScope() {
    if (daily) {
      throw new AuditRefusedException("--daily cannot be combined with --venue");
    }
    if (!sources.isEmpty() && !sources.contains(venueSource)) {
      throw new AuditRefusedException(
          "--venue compares the source "
              + venueSource
              + ", which --source leaves out. Set --venue-source to one of "
              + String.join(", ", sources));
    }
    if (venueRequests < 1) {
      throw new AuditRefusedException("--venue-requests " + venueRequests + " is below 1");
    }
    return new VenueScope(
        venueUrl(),
        venueSource,
        Set.copyOf(venueProducts),
        duration("--venue-last", venueLast),
        venueRequests);
  }

  private URI venueUrl() {
    String problem = "--venue-url " + venueUrl + " is not a URL like https://HOST[:PORT]";
    try {
      URI url =
          new URI(venueUrl.endsWith("/") ? venueUrl.substring(0, venueUrl.length() - 1) : venueUrl);
      boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (isHttp
          && url.getHost() != null
          && url.getQuery() == null
          && url.getFragment() == null
          && url.getUserInfo() == null) {
        return url;
      }
      throw new AuditRefusedException(problem);
    } catch (URISyntaxException e) {
      throw new AuditRefusedException(problem, e);
    }
  }

  @SuppressWarnings("AddressSelection") // a literal address
  private AuditTarget target() {
    return new AuditTarget(
        cassandra == null ? new InetSocketAddress("127.0.0.1", localPort()) : node(cassandra),
        datacenter,
        keyspace,
        login(),
        Optional.ofNullable(cassandraConfig)
            .map(file -> requireReadable("--cassandra-config", file)),
        kafka());
  }

  @SuppressWarnings("AddressSelection") // the driver gets the first address of the name
  private static InetSocketAddress node(String text) {
    boolean hasPort = text.indexOf(':') >= 0 && !text.endsWith("]");
    int end = hasPort ? text.lastIndexOf(':') : text.length();
    if (end == 0) {
      throw new AuditRefusedException("--cassandra '" + text + "' has no host. Write HOST:PORT");
    }
    try {
      int port = hasPort ? Integer.parseInt(text.substring(end + 1)) : STANDARD_PORT;
      return new InetSocketAddress(text.substring(0, end), port);
    } catch (IllegalArgumentException e) {
      throw new AuditRefusedException(
          "--cassandra " + text + " has a port that is not a number up to 65535. Write HOST:PORT",
          e);
    }
  }

  private Optional<AuditTarget.Login> login() {
    String username = environment.get(USERNAME);
    String password = environment.get(PASSWORD);
    if ((username == null) != (password == null)) {
      throw new AuditRefusedException("Set both " + USERNAME + " and " + PASSWORD + ", or neither");
    }
    return username == null
        ? Optional.empty()
        : Optional.of(new AuditTarget.Login(username, password));
  }

  private Optional<AuditedTopics> kafka() {
    if (kafkaConfig != null && bootstrapServers == null) {
      throw new AuditRefusedException("--kafka-config has no effect without --bootstrap-servers");
    }
    if (bootstrapServers == null) {
      return Optional.empty();
    }
    Map<String, Object> settings = new HashMap<>();
    if (kafkaConfig != null) {
      Properties properties = new Properties();
      try (Reader file = Files.newBufferedReader(kafkaConfig)) {
        properties.load(file);
      } catch (IOException e) {
        throw new AuditRefusedException("Cannot read --kafka-config " + kafkaConfig, e);
      }
      properties.stringPropertyNames().forEach(key -> settings.put(key, properties.get(key)));
    }
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return Optional.of(
        new AuditedTopics(settings, topics, gapsTopic, rejectedTopic, heartbeatsTopic));
  }

  private List<CandleInterval> intervals() {
    try {
      return candles.stream().map(CandleInterval::parse).distinct().toList();
    } catch (IllegalArgumentException e) {
      throw new AuditRefusedException("--candles: " + e.getMessage(), e);
    }
  }

  private static Instant instant(String option, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new AuditRefusedException(
          option + " " + text + " is not an instant. Write it in UTC, like 2026-11-24T14:00:00Z",
          e);
    }
  }

  private static Duration duration(String option, String text) {
    try {
      return DurationText.parsePositive(text);
    } catch (IllegalArgumentException e) {
      throw new AuditRefusedException(option + " " + e.getMessage(), e);
    }
  }

  /** The port of the Cassandra that {@code ./market-stream up} starts. */
  private int localPort() {
    String ports = environment.getOrDefault(LOCAL_PORTS, "");
    if (ports.isBlank()) {
      return STANDARD_PORT;
    }
    try {
      return Integer.parseInt(ports.substring(ports.lastIndexOf(',') + 1).strip());
    } catch (NumberFormatException e) {
      throw new AuditRefusedException(
          LOCAL_PORTS
              + "="
              + ports
              + " is not a list of three ports. Write KAFKA,CONNECT,CASSANDRA",
          e);
    }
  }

  /** Refuses a file that cannot be written before the audit instead of after it. */
  private static Path requireWritable(String option, Path named) {
    Path file = named.toAbsolutePath().normalize();
    Path folder = file.getParent();
    if (Files.isDirectory(file)) {
      throw new AuditRefusedException(option + " " + named + " is a folder. Name a file");
    }
    if (folder == null || !Files.isWritable(folder)) {
      throw new AuditRefusedException(
          option + " " + named + ": the folder " + folder + " does not exist or cannot be written");
    }
    return file;
  }

  private static Path requireReadable(String option, Path file) {
    if (!Files.isReadable(file)) {
      throw new AuditRefusedException(option + " " + file + " cannot be read");
    }
    return file;
  }
}
