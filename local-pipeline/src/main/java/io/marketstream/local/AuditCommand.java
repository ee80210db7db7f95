package io.marketstream.local;

import io.marketstream.local.audit.CandleInterval;
import io.marketstream.local.audit.cluster.AuditRun;
import io.marketstream.local.audit.cluster.AuditScope;
import io.marketstream.local.audit.cluster.AuditTarget;
import io.marketstream.local.audit.cluster.AuditedTopics;
import io.marketstream.local.run.DurationText;
import io.marketstream.local.run.LocalPorts;
import io.marketstream.local.run.UserError;
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
import org.apache.kafka.clients.CommonClientConfigs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options of {@code market-stream audit}. */
@Command(
    name = "audit",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Proves what the tables hold, or says what is wrong: numbers without holes, gaps that explain those there are,",
      "no tick twice, candles and newest ticks as the ticks make them. With --bootstrap-servers also every value",
      "against the topic, and candles in its order. Reads only, a symbol at a time.",
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
      defaultValue = "market_data",
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
      defaultValue = "market_data",
      description = "Of ticks. Default: ${DEFAULT-VALUE}.")
  List<String> topics;

  @Option(
      names = "--rejected-topic",
      paramLabel = "NAME",
      defaultValue = "market_data_rejected",
      description = "Default: ${DEFAULT-VALUE}.")
  String rejectedTopic;

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
      names = "--candles",
      paramLabel = "1m,…",
      split = ",",
      description = "The job's, or only these intervals. Default: those that the table has.")
  List<String> candles = List.of();

  @Option(
      names = "--lateness",
      paramLabel = "TIME",
      defaultValue = "2m",
      description = "The job's --lateness. Default: ${DEFAULT-VALUE}.")
  String lateness;

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
   * @throws UserError naming the option that is wrong and what would be right
   */
  AuditRun run(Map<String, String> environment, Clock clock) {
    if (last != null && since != null) {
      throw new UserError("--last and --since are two ways to say one thing. Leave one out");
    }
    Instant from =
        since == null
            ? clock.instant().minus(DurationText.parse(last == null ? "24h" : last))
            : instant("--since", since);
    Optional<Instant> to = Optional.ofNullable(until).map(text -> instant("--until", text));
    if (to.isPresent() && !to.get().isAfter(from)) {
      throw new UserError("--until " + until + " is not after " + from);
    }
    return new AuditRun(
        target(environment),
        new AuditScope(
            Set.copyOf(sources),
            Optional.of(from),
            to,
            candles.isEmpty() ? Optional.empty() : Optional.of(intervals()),
            DurationText.parse(lateness),
            Duration.ofSeconds(5)),
        Optional.ofNullable(sent).map(file -> requireReadable("--sent", file)),
        Optional.ofNullable(report).map(file -> WritableFile.require("--report", file)));
  }

  private AuditTarget target(Map<String, String> environment) {
    return new AuditTarget(
        cassandra == null
            ? new InetSocketAddress("127.0.0.1", LocalPorts.of(environment).cassandra())
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
      throw new UserError("--cassandra " + text + " has no port. Write HOST:PORT", e);
    }
    throw new UserError("--cassandra " + text + " has no port. Write HOST:PORT");
  }

  private static Optional<AuditTarget.Login> login(Map<String, String> environment) {
    String username = environment.get(USERNAME);
    String password = environment.get(PASSWORD);
    if ((username == null) != (password == null)) {
      throw new UserError("Set both " + USERNAME + " and " + PASSWORD + ", or neither");
    }
    return username == null
        ? Optional.empty()
        : Optional.of(new AuditTarget.Login(username, password));
  }

  private Optional<AuditedTopics> kafka() {
    if (kafkaConfig != null && bootstrapServers == null) {
      throw new UserError("--kafka-config is of no use without --bootstrap-servers");
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
        throw new UserError("Cannot read --kafka-config " + kafkaConfig, e);
      }
      properties.stringPropertyNames().forEach(key -> settings.put(key, properties.get(key)));
    }
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return Optional.of(new AuditedTopics(settings, topics, rejectedTopic));
  }

  private List<CandleInterval> intervals() {
    try {
      return candles.stream().map(CandleInterval::parse).distinct().toList();
    } catch (IllegalArgumentException e) {
      throw new UserError("--candles: " + e.getMessage(), e);
    }
  }

  private static Instant instant(String option, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new UserError(
          option + " " + text + " is no instant. Write it in UTC, like 2026-11-24T14:00:00Z", e);
    }
  }

  private static Path requireReadable(String option, Path file) {
    if (!Files.isReadable(file)) {
      throw new UserError(option + " " + file + " cannot be read");
    }
    return file;
  }
}
