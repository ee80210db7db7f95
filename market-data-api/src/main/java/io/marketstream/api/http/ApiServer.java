package io.marketstream.api.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.staticfiles.Location;
import io.marketstream.api.cassandra.Database;
import io.marketstream.api.cassandra.DatabaseUnavailableException;
import io.marketstream.api.query.Candles;
import io.marketstream.api.query.Completeness;
import io.marketstream.api.query.Gaps;
import io.marketstream.api.query.Symbols;
import io.marketstream.api.query.Ticks;
import io.marketstream.api.stream.TickStream;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The HTTP server. It reads and never writes: no endpoint changes anything. It starts without
 * Cassandra, answers 503 while Cassandra is away, and recovers without a restart.
 */
public final class ApiServer implements AutoCloseable {
  private static final int MAX_THREADS = 64;
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(15);
  private static final String STARTED = "started";
  private static final Map<String, String> HEADERS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "Referrer-Policy", "no-referrer",
          // The chart sets the style of its elements.
          "Content-Security-Policy",
              "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
                  + " frame-ancestors 'none'; base-uri 'none'; form-action 'none'");

  private final Database database;
  private final TickStream stream;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gcMetrics = new JvmGcMetrics();
  private final Javalin server;

  /**
   * How to serve.
   *
   * @param host the address to bind
   * @param port 0 for any free one
   * @param corsOrigins origins whose pages may read; {@code *} for all
   */
  public record Settings(String host, int port, List<String> corsOrigins) {}

  public ApiServer(Settings settings, Database database, Clock clock) {
    this.database = database;
    Candles candles = new Candles(database, System::nanoTime);
    Gaps gaps = new Gaps(database);
    Ticks ticks = new Ticks(database);
    Symbols symbols = new Symbols(database, candles, gaps, clock, System::nanoTime);
    Completeness completeness = new Completeness(database, symbols, candles, gaps, clock);
    this.stream = new TickStream(symbols, ticks, clock, tick -> MarketJson.tick(tick).toString());
    MarketRoutes market = new MarketRoutes(symbols, candles, ticks, gaps, completeness, clock);
    StreamRoutes streams = new StreamRoutes(symbols, stream);
    TradingViewRoutes tradingView = new TradingViewRoutes(symbols, candles, gaps, clock);
    register();
    this.server =
        Javalin.create(
            config -> {
              configure(config, settings);
              market.addTo(config.routes);
              streams.addTo(config.routes);
              tradingView.addTo(config.routes);
              config.routes.get("/health", this::health);
              config.routes.get("/health/live", context -> context.result("up"));
              config.routes.get(
                  "/metrics",
                  context ->
                      context
                          .contentType("text/plain; version=0.0.4; charset=utf-8")
                          .result(metrics.scrape()));
              config.routes.exception(Exception.class, (e, context) -> Answers.error(context, e));
              config.routes.error(404, this::unknownPath);
              config.routes.error(405, this::unknownPath);
              config.routes.error(500, ApiServer::timedOut);
            });
  }

  private void configure(JavalinConfig config, Settings settings) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.jetty.threadPool = new QueuedThreadPool(MAX_THREADS, 4);
    // A client of the stream gets a heartbeat more often than this. One that does not read is cut.
    config.jetty.addConnector(
        (server, http) -> {
          ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
          connector.setHost(settings.host());
          connector.setPort(settings.port());
          connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
          return connector;
        });
    config.http.asyncTimeout = Duration.ofSeconds(30).toMillis();
    config.http.prefer405over404 = true;
    config.staticFiles.enableWebjars();
    config.staticFiles.add(
        files -> {
          files.hostedPath = "/";
          files.directory = "/io/marketstream/api/web";
          files.location = Location.CLASSPATH;
          files.headers = Map.of("Cache-Control", "no-cache");
        });
    if (!settings.corsOrigins().isEmpty()) {
      config.bundledPlugins.enableCors(
          cors ->
              cors.addRule(
                  rule -> {
                    for (String origin : settings.corsOrigins()) {
                      if (origin.equals("*")) {
                        rule.anyHost();
                      } else {
                        rule.allowHost(origin);
                      }
                    }
                  }));
    }
    config.routes.before(
        context -> {
          context.attribute(STARTED, System.nanoTime());
          HEADERS.forEach(context::header);
        });
    config.routes.after(this::count);
  }

  private void register() {
    new JvmMemoryMetrics().bindTo(metrics);
    new JvmThreadMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    gcMetrics.bindTo(metrics);
    Gauge.builder("marketstream.api.stream.clients", stream, TickStream::clients)
        .description("Clients of /api/stream")
        .register(metrics);
    Gauge.builder("marketstream.api.cassandra.up", database, each -> each.isUp() ? 1 : 0)
        .description("1 if a node of Cassandra is connected")
        .register(metrics);
  }

  private void count(Context context) {
    Long started = context.attribute(STARTED);
    if (started != null) {
      Timer.builder("marketstream.api.requests")
          .description("Requests by endpoint and status")
          .tag("endpoint", endpoint(context))
          .tag("status", Integer.toString(context.statusCode()))
          .publishPercentileHistogram()
          .register(metrics)
          .record(Duration.ofNanos(System.nanoTime() - started));
    }
  }

  /** Only paths of endpoints: a client must not be able to invent metrics. */
  private static String endpoint(Context context) {
    String path = context.path();
    boolean isEndpoint =
        path.startsWith("/api/") || path.startsWith("/udf/") || path.equals("/health");
    return isEndpoint && context.statusCode() != 404 && context.statusCode() != 405
        ? path
        : "other";
  }

  private void health(Context context) {
    boolean isUp = database.isUp();
    Answers.write(
        context,
        isUp ? 200 : 503,
        MarketJson.MAPPER
            .createObjectNode()
            .put("status", isUp ? "up" : "down")
            .put("cassandra", isUp ? "up" : "down")
            .put("read_only", true));
  }

  private void unknownPath(Context context) {
    if (context.attribute(Answers.ANSWERED) == null) {
      Answers.error(
          context,
          new NotFoundException(
              "There is nothing at " + context.path() + ". /openapi.yaml lists all endpoints"));
    }
  }

  /** Our own errors are answered already: what is left took too long. */
  private static void timedOut(Context context) {
    if (context.attribute(Answers.ANSWERED) == null) {
      Answers.error(context, new DatabaseUnavailableException("the answer took too long", null));
    }
  }

  /** Serves, and connects to Cassandra in the background. */
  public void start() {
    database.start();
    stream.start();
    server.start();
  }

  /** The port that is bound. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    stream.close();
    server.stop();
    gcMetrics.close();
    database.close();
  }
}
