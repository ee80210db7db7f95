package io.marketstream.api.cli;

import io.marketstream.api.cassandra.ClusterSettings;
import io.marketstream.model.Tables;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say which cluster a command reads. */
final class ClusterOptions {
  static final int CASSANDRA_PORT = 9042;

  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(?:\\[([^\\[\\]]+)]|([^\\[\\]:]+))(?::(\\d{1,5}))?");

  @Option(
      names = "--cassandra",
      paramLabel = "HOST:PORT,…",
      split = ",",
      defaultValue = "127.0.0.1:9042",
      description = "Nodes of the cluster. Default: ${DEFAULT-VALUE}.")
  private List<String> cassandra = new ArrayList<>();

  @Option(
      names = "--datacenter",
      paramLabel = "NAME",
      defaultValue = "datacenter1",
      description = "The data centre of these nodes. Default: ${DEFAULT-VALUE}.")
  private String datacenter = "";

  @Option(
      names = "--keyspace",
      paramLabel = "NAME",
      defaultValue = Tables.KEYSPACE,
      description = "The keyspace of the tables. Default: ${DEFAULT-VALUE}.")
  private String keyspace = "";

  @Option(
      names = "--cassandra-config",
      paramLabel = "FILE",
      description = "Settings of Cassandra's Java driver (HOCON), for a cluster with TLS.")
  private @Nullable Path cassandraConfig;

  /** The environment variable that sets an option such as {@code --keyspace}. */
  static String variable(String option) {
    return "MARKET_DATA_API_"
        + option.replaceFirst("^--", "").replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /**
   * The settings that the options and the environment give.
   *
   * @param command named by the exception
   * @throws ParameterException if an option is wrong; the message says what would be right
   */
  ClusterSettings settings(Map<String, String> environment, CommandLine command) {
    return settings(environment, command, cassandra);
  }

  /** The same, for a node that no option has named. */
  ClusterSettings settings(Map<String, String> environment, CommandLine command, String node) {
    return settings(environment, command, List.of(node));
  }

  private ClusterSettings settings(
      Map<String, String> environment, CommandLine command, List<String> nodes) {
    Path file = cassandraConfig;
    if (file != null && !Files.isReadable(file)) {
      throw new ParameterException(command, "--cassandra-config " + file + " cannot be read");
    }
    return new ClusterSettings(
        nodes.stream().map(text -> address(text, command)).toList(),
        datacenter,
        keyspace,
        Optional.ofNullable(file),
        login(environment, command, "CASSANDRA"));
  }

  /**
   * The login that the environment gives, in {@code NAME_USERNAME} and {@code NAME_PASSWORD}.
   *
   * @throws ParameterException if one of the two is missing
   */
  static Optional<ClusterSettings.Login> login(
      Map<String, String> environment, CommandLine command, String name) {
    String username = environment.get(name + "_USERNAME");
    String password = environment.get(name + "_PASSWORD");
    if ((username == null) != (password == null)) {
      throw new ParameterException(
          command, "set " + name + "_USERNAME and " + name + "_PASSWORD, or neither");
    }
    return username == null || password == null
        ? Optional.empty()
        : Optional.of(new ClusterSettings.Login(username, password));
  }

  private static InetSocketAddress address(String text, CommandLine command) {
    Matcher matcher = HOST_AND_PORT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new ParameterException(command, "--cassandra '" + text + "' is not HOST:PORT");
    }
    String number = matcher.group(3);
    int port = number == null ? CASSANDRA_PORT : Integer.parseInt(number);
    if (port < 1 || port > 65_535) {
      throw new ParameterException(
          command, "--cassandra '" + text + "' has no port from 1 to 65535");
    }
    String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return InetSocketAddress.createUnresolved(name, port);
  }
}
