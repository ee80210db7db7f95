package io.marketstream.auditor.cli;

import io.marketstream.auditor.cluster.AuditRefusedException;
import io.marketstream.auditor.cluster.AuditScope;
import io.marketstream.auditor.cluster.AuditTarget;
import io.marketstream.auditor.cluster.AuditedTopics;
import io.marketstream.model.CandleInterval;
import io.marketstream.model.Tables;
import io.marketstream.model.Topics;
import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options of {@code ./market-stream audit}. */
@Command(
    name = "market-stream audit",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Proves what the tables hold, or says what is wrong: numbers without holes, gaps that explain those there are,",
      "no tick twice, candles and newest ticks as the ticks make them. With --bootstrap-servers also every value",
      "against the topic, and candles in its order. It changes nothing, but --daily writes audited_days.",
      "A cluster that asks for a login: CASSANDRA_USERNAME and CASSANDRA_PASSWORD in the environment."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything is explained",
      "1:something is not; the report says what",
      "2:no audit: an option is wrong, the cluster cannot be read, nothing is there to audit,"
          + " the heap is too small, or Java or the build is missing"
    })
final class AuditCommand {
  static final String USERNAME = "CASSANDRA_USERNAME";
  static final String PASSWORD = "CASSANDRA_PASSWORD";

  private static final String LOCAL_PORTS = "MARKET_STREAM_PORTS";
  private static final int STANDARD_PORT = 9042;
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  @Option(
      names = "--cassandra",
      paramLabel = "HOST:PORT",
      description = "A node. Default: that of ./market-stream up, 127.0.0.1:9042.")
  String cassandra;

  @Option(
      names = "--datacenter",
      paramLabel = "NAME",
      defaultValue = "datacenter1",
      description = "The node's data centre. Default: ${DEFAULT-VALUE}.")
  String datacenter;

  @Option(
      names = "--cassandra-config",
      paramLabel = "FILE",
      description = "Settings of Cassandra's Java driver (HOCON), for a cluster that asks for TLS.")
  Path cassandraConfig;

  @Option(
      names = "--keyspace",
      paramLabel = "NAME",
      defaultValue = Tables.KEYSPACE,
      description = "Default: ${DEFAULT-VALUE}.")
  String keyspace;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT,…",
      description = "Brokers of the topics. Default: the topics are not read.")
  String bootstrapServers;

  @Option(
      names = "--topics",
      paramLabel = "NAME,…",
      split = ",",
      defaultValue = Topics.TICKS,
      description = "Of ticks. Default: ${DEFAULT-VALUE}.")
  List<String> topics;

  @Option(
      names = "--gaps-topic",
      paramLabel = "NAME",
      defaultValue = Topics.GAPS,
      description = "Default: ${DEFAULT-VALUE}.")
  String gapsTopic;

  @Option(
      names = "--rejected-topic",
      paramLabel = "NAME",
      defaultValue = Topics.REJECTED,
      description = "Default: ${DEFAULT-VALUE}.")
  String rejectedTopic;

  @Option(
      names = "--heartbeats-topic",
      paramLabel = "NAME",
      defaultValue = Topics.HEARTBEATS,
      description = "Default: ${DEFAULT-VALUE}.")
  String heartbeatsTopic;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "Properties of a Kafka client, for a cluster that asks for TLS or a login.")
  Path kafkaConfig;

  @Option(
      names = "--source",
      paramLabel = "NAME,…",
      split = ",",
      description = "Only these sources. Default: all.")
  List<String> sources = List.of();

  @Option(
      names = "--last",
      paramLabel = "TIME",
      description = "Event times of the last 24h, 7d … Default: 24h.")
  String last;

  @Option(
      names = "--since",
      paramLabel = "INSTANT",
      description = "Event times from then on, as 2026-11-24T14:00:00Z.")
  String since;

  @Option(
      names = "--until",
      paramLabel = "INSTANT",
      description = "Event times before then. Default: up to now.")
  String until;

  @Option(
      names = "--daily",
      description =
          "Audit each day (UTC) that is over and has no verdict yet, and keep the verdicts in the"
              + " table audited_days. --last says how far back. Default: 7d.")
  boolean daily;

  @Option(
      names = "--candles",
      paramLabel = "1m,…",
      split = ",",
      description = "Only these intervals. Default: those that the job says it keeps.")
  List<String> candles = List.of();

  @Option(
      names = "--lateness",
      paramLabel = "TIME",
      description = "The job's --lateness. Default: what the job says, else 2m.")
  String lateness;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "60s",
      description =
          "How long to wait for a job that is behind. What it has not reached then is on its way."
              + " Default: ${DEFAULT-VALUE}.")
  String patience;

  @Option(
      names = "--settle",
      paramLabel = "TIME",
      defaultValue = "60s",
      description =
          "A gap may reach its table so much later than the ticks around it. A hole that is younger"
              + " is on its way. Default: ${DEFAULT-VALUE}.")
  String settling;

  @Option(
      names = "--sent",
      paramLabel = "FILE",
      description = "A journal of the simulators (their --journal): what was written to sockets.")
  Path sent;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write counts and every finding there, as JSON.")
  Path report;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  boolean help;

  AuditCommand() {}

  /**
   * The options, checked.
   *
   * @throws AuditRefusedException naming the option that is wrong and what would be right
   */
  AuditRun run(Map<String, String> environment, Clock clock) {
    if (last != null && since != null) {
      throw new AuditRefusedException(
          "--last and --since are two ways to say one thing. Leave one out");
    }
    if (daily && (since != null || until != null || sent != null)) {
      throw new AuditRefusedException(
          "--daily goes with --last, not with --since, --until or --sent");
    }
    Instant from =
        since == null
            ? clock.instant().minus(duration(last == null ? (daily ? "7d" : "24h") : last))
            : instant("--since", since);
    Optional<Instant> to = Optional.ofNullable(until).map(text -> instant("--until", text));
    if (to.isPresent() && !to.get().isAfter(from)) {
      throw new AuditRefusedException("--until " + until + " is not after " + from);
    }
    return new AuditRun(
        target(environment),
        new AuditScope(
            Set.copyOf(sources),
            Optional.of(from),
            to,
            candles.isEmpty() ? Optional.empty() : Optional.of(intervals()),
            Optional.ofNullable(lateness).map(AuditCommand::duration),
            duration(settling),
            duration(patience)),
        Optional.ofNullable(sent).map(file -> requireReadable("--sent", file)),
        Optional.ofNullable(report).map(file -> requireWritable("--report", file)),
        daily);
  }

  private AuditTarget target(Map<String, String> environment) {
    return new AuditTarget(
        cassandra == null
            ? new InetSocketAddress("127.0.0.1", localPort(environment))
            : node(cassandra),
        datacenter,
        keyspace,
        login(environment),
        Optional.ofNullable(cassandraConfig)
            .map(file -> requireReadable("--cassandra-config", file)),
        kafka());
  }

  private static InetSocketAddress node(String text) {
    int colon = text.lastIndexOf(':');
    try {
      if (colon > 0) {
        return new InetSocketAddress(
            text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
      }
    } catch (IllegalArgumentException e) {
      throw new AuditRefusedException("--cassandra " + text + " has no port. Write HOST:PORT", e);
    }
    throw new AuditRefusedException("--cassandra " + text + " has no port. Write HOST:PORT");
  }

  private static Optional<AuditTarget.Login> login(Map<String, String> environment) {
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
      throw new AuditRefusedException("--kafka-config is of no use without --bootstrap-servers");
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
          option + " " + text + " is no instant. Write it in UTC, like 2026-11-24T14:00:00Z", e);
    }
  }

  private static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
      throw new AuditRefusedException(
          "'" + text + "' is no duration. Write a number and its unit, like 60s, 5m, 2h or 7d");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /** Where the Cassandra of {@code ./market-stream up} listens. */
  private static int localPort(Map<String, String> environment) {
    String ports = environment.getOrDefault(LOCAL_PORTS, "");
    if (ports.isBlank()) {
      return STANDARD_PORT;
    }
    try {
      return Integer.parseInt(ports.substring(ports.lastIndexOf(',') + 1).strip());
    } catch (NumberFormatException e) {
      throw new AuditRefusedException(
          LOCAL_PORTS + "=" + ports + " is not three ports. Write KAFKA,CONNECT,CASSANDRA", e);
    }
  }

  /** A file that cannot be written is refused before the audit, not after it. */
  private static Path requireWritable(String option, Path named) {
    Path file = named.toAbsolutePath().normalize();
    Path folder = file.getParent();
    if (Files.isDirectory(file)) {
      throw new AuditRefusedException(option + " " + named + " is a folder. Name a file");
    }
    if (folder == null || !Files.isWritable(folder)) {
      throw new AuditRefusedException(
          option + " " + named + ": there is no folder " + folder + " that can be written to");
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
