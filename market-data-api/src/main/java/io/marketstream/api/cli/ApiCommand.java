package io.marketstream.api.cli;

import io.javalin.util.JavalinBindException;
import io.marketstream.api.cassandra.Database;
import io.marketstream.api.http.ApiServer;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of the API. */
@Command(
    name = "market-data-api",
    sortOptions = false,
    usageHelpAutoWidth = true,
    mixinStandardHelpOptions = false,
    description = {
      "Serves the Cassandra tables over HTTP: a web page, a JSON API, TradingView's UDF protocol.",
      "It reads only. For a cluster that asks for a login, set CASSANDRA_USERNAME and CASSANDRA_PASSWORD.",
      "Each option can also be set in the environment: --cors-origin as MARKET_DATA_API_CORS_ORIGIN."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped by a signal",
      "1:the address cannot be bound",
      "2:an option is wrong"
    })
public final class ApiCommand implements Callable<Integer> {
  private static final Pattern ORIGIN = Pattern.compile("\\*|https?://[^/\\s*]+");

  @Spec private @Nullable CommandSpec spec;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "The address to bind. Whoever can reach it can read all data. Default: ${DEFAULT-VALUE}.")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "The port to bind, 0 for any free one. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--cors-origin",
      paramLabel = "ORIGIN,…",
      split = ",",
      description =
          "Origins whose pages may read, such as https://charts.example.com, or * for all."
              + " Default: none.")
  private List<String> corsOrigins = new ArrayList<>();

  @SuppressWarnings("unused") // picocli looks at it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean isHelpRequested;

  private final Map<String, String> environment;
  private final CountDownLatch stopped;

  /**
   * @param stopped ends the server when it reaches zero
   */
  ApiCommand(Map<String, String> environment, CountDownLatch stopped) {
    this.environment = environment;
    this.stopped = stopped;
  }

  /** Parses, serves until it is stopped, and returns the exit code. */
  static int run(
      String[] args,
      Map<String, String> environment,
      CountDownLatch stopped,
      PrintWriter out,
      PrintWriter err) {
    CommandLine commandLine = new CommandLine(new ApiCommand(environment, stopped));
    commandLine
        .setExpandAtFiles(false)
        .setOut(out)
        .setErr(err)
        .setDefaultValueProvider(
            argument -> {
              if (argument instanceof CommandLine.Model.OptionSpec option) {
                String value = environment.get(ClusterOptions.variable(option.longestName()));
                return value == null ? option.defaultValue() : value;
              }
              return null;
            })
        .setParameterExceptionHandler(
            (e, unused) -> {
              err.println(
                  "market-data-api: "
                      + Failures.oneLine(e.getMessage())
                      + " (--help shows the options)");
              return CommandLine.ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (e, unused, result) -> {
              err.println(
                  "market-data-api: "
                      + Failures.oneLine(
                          e instanceof IllegalStateException
                              ? e.getMessage()
                              : Failures.rootMessage(e)));
              return CommandLine.ExitCode.SOFTWARE;
            });
    return commandLine.execute(args);
  }

  @Override
  public Integer call() throws InterruptedException {
    if (port < 0 || port > 65_535) {
      throw wrong("--port " + port + " is not a port from 0 to 65535");
    }
    for (String origin : corsOrigins) {
      if (!ORIGIN.matcher(origin).matches()) {
        throw wrong(
            "--cors-origin '" + origin + "' is not an origin such as https://charts.example.com");
      }
    }
    Database database = new Database(cluster.settings(environment, commandLine()));
    try (ApiServer server =
        new ApiServer(
            new ApiServer.Settings(host, port, corsOrigins), database, Clock.systemUTC())) {
      try {
        server.start();
      } catch (JavalinBindException e) {
        throw new IllegalStateException(
            "cannot bind "
                + host
                + ":"
                + port
                + ": "
                + Failures.rootMessage(e)
                + ". Choose another --port",
            e);
      }
      commandLine()
          .getOut()
          .println(
              "market-data-api: http://"
                  + (host.contains(":") ? "[" + host + "]" : host)
                  + ":"
                  + server.port());
      commandLine().getOut().flush();
      stopped.await();
    }
    return CommandLine.ExitCode.OK;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(commandLine(), message);
  }

  private CommandLine commandLine() {
    return java.util.Objects.requireNonNull(spec).commandLine();
  }
}
