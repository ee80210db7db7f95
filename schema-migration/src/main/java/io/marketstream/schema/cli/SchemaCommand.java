package io.marketstream.schema.cli;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.OptionsMap;
import com.datastax.oss.driver.api.core.config.TypedDriverOption;
import io.marketstream.model.Tables;
import io.marketstream.schema.CqlSchema;
import io.marketstream.schema.SchemaException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of the schema migration. */
@Command(
    name = "schema-migration",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Applies the numbered CQL files. It changes nothing if they have been applied already.",
      "For a cluster that asks for a login, set CASSANDRA_USERNAME and CASSANDRA_PASSWORD.",
      "Each option can also be set in the environment: --cassandra as SCHEMA_MIGRATION_CASSANDRA."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the keyspace has every table",
      "1:Cassandra cannot be reached, or refused a statement",
      "2:an option is wrong"
    })
public final class SchemaCommand implements Callable<Integer> {
  private static final int CASSANDRA_PORT = 9042;
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(?:\\[([^\\[\\]]+)]|([^\\[\\]:]+))(?::(\\d{1,5}))?");
  private static final Pattern KEYSPACE = Pattern.compile("[a-z][a-z0-9_]{0,47}");

  @Spec private @Nullable CommandSpec spec;

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
      description = "The keyspace to create or to complete. Default: ${DEFAULT-VALUE}.")
  private String keyspace = "";

  @Option(
      names = "--cassandra-config",
      paramLabel = "FILE",
      description = "Settings of Cassandra's Java driver (HOCON), for a cluster with TLS.")
  private @Nullable Path cassandraConfig;

  @Option(
      names = "--files",
      paramLabel = "FOLDER",
      defaultValue = "cassandra-cql",
      description = "The folder with the CQL files. Default: ${DEFAULT-VALUE}.")
  private Path files = Path.of("");

  @SuppressWarnings("unused") // picocli looks at it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean isHelpRequested;

  private final Map<String, String> environment;

  SchemaCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Parses, applies the files, and returns the exit code. */
  static int run(String[] args, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    return new CommandLine(new SchemaCommand(environment))
        .setExpandAtFiles(false)
        .setOut(out)
        .setErr(err)
        .setDefaultValueProvider(
            argument -> {
              if (argument instanceof CommandLine.Model.OptionSpec option) {
                String value = environment.get(variable(option.longestName()));
                return value == null ? option.defaultValue() : value;
              }
              return null;
            })
        .setParameterExceptionHandler(
            (e, unused) -> {
              err.println(
                  "schema-migration: " + oneLine(e.getMessage()) + " (--help shows the options)");
              return CommandLine.ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (e, unused, result) -> {
              err.println(
                  "schema-migration: "
                      + oneLine(e instanceof SchemaException ? e.getMessage() : rootMessage(e)));
              return CommandLine.ExitCode.SOFTWARE;
            })
        .execute(args);
  }

  private static String variable(String option) {
    return "SCHEMA_MIGRATION_"
        + option.replaceFirst("^--", "").replace('-', '_').toUpperCase(Locale.ROOT);
  }

  @Override
  public Integer call() {
    if (!KEYSPACE.matcher(keyspace).matches()) {
      throw wrong(
          "--keyspace '" + keyspace + "' is not a name of lower-case letters, digits and _");
    }
    if (!Files.isDirectory(files)) {
      throw wrong("--files " + files + " is not a folder");
    }
    Path settings = cassandraConfig;
    if (settings != null && !Files.isReadable(settings)) {
      throw wrong("--cassandra-config " + settings + " cannot be read");
    }
    try (CqlSession session = builder(settings).build()) {
      new CqlSchema(files, keyspace).apply(session);
    }
    commandLine().getOut().println("schema-migration: the keyspace " + keyspace + " is up to date");
    return CommandLine.ExitCode.OK;
  }

  private CqlSessionBuilder builder(@Nullable Path settings) {
    CqlSessionBuilder builder =
        CqlSession.builder()
            .addContactPoints(cassandra.stream().map(this::address).toList())
            .withLocalDatacenter(datacenter)
            .withConfigLoader(config(settings));
    String username = environment.get("CASSANDRA_USERNAME");
    String password = environment.get("CASSANDRA_PASSWORD");
    if ((username == null) != (password == null)) {
      throw wrong("set CASSANDRA_USERNAME and CASSANDRA_PASSWORD, or neither");
    }
    return username == null || password == null
        ? builder
        : builder.withAuthCredentials(username, password);
  }

  /** Settings of this class take precedence over the file, or over the driver's defaults. */
  private static DriverConfigLoader config(@Nullable Path file) {
    OptionsMap ours = new OptionsMap();
    // Nodes must agree on a change of the schema before they answer.
    ours.put(TypedDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(60));
    ours.put(TypedDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(10));
    ours.put(TypedDriverOption.CONTROL_CONNECTION_TIMEOUT, Duration.ofSeconds(10));
    // Nothing here reads the metadata of the schema, which takes a second per change.
    ours.put(TypedDriverOption.METADATA_SCHEMA_ENABLED, false);
    ours.put(TypedDriverOption.REQUEST_WARN_IF_SET_KEYSPACE, false);
    DriverConfigLoader others =
        file == null
            ? DriverConfigLoader.fromDefaults(SchemaCommand.class.getClassLoader())
            : DriverConfigLoader.fromPath(file);
    return DriverConfigLoader.compose(DriverConfigLoader.fromMap(ours), others);
  }

  private InetSocketAddress address(String text) {
    Matcher matcher = HOST_AND_PORT.matcher(text.strip());
    if (!matcher.matches()) {
      throw wrong("--cassandra '" + text + "' is not HOST:PORT");
    }
    String number = matcher.group(3);
    int port = number == null ? CASSANDRA_PORT : Integer.parseInt(number);
    if (port < 1 || port > 65_535) {
      throw wrong("--cassandra '" + text + "' has no port from 1 to 65535");
    }
    String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return new InetSocketAddress(name, port);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(commandLine(), message);
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec).commandLine();
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  private static String oneLine(@Nullable String message) {
    return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
