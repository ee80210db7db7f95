package io.marketstream.local.run;

import io.marketstream.embedded.component.Component;
import io.marketstream.embedded.component.ComponentProvider;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.ConnectRestException;
import io.marketstream.embedded.component.FeedSimulator;
import io.marketstream.embedded.process.ComponentException;
import io.marketstream.embedded.process.ExitCode;
import io.marketstream.local.console.Console;
import io.marketstream.local.console.Snapshot;
import io.marketstream.local.measure.LatencyRecorder;
import io.marketstream.local.measure.Measurement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One {@code up}: start, watch, drain, report, stop. On the thread that calls {@link #run()}. */
public final class PipelineRun {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineRun.class);
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration FIRST_TICK_TIMEOUT = Duration.ofSeconds(180);
  private static final Duration POLL_INTERVAL_BEFORE_FIRST_TICK = Duration.ofMillis(200);
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  /** Without a known number sent, a topic that did not grow for so long holds all. */
  private static final Duration QUIET_PERIOD = Duration.ofSeconds(2);

  /** What a lost connection took with it does not come any more after a silence of this time. */
  private static final Duration LOST_TICKS_TIMEOUT = Duration.ofSeconds(10);

  /** What is waited for, such as a broker, may be what failed. */
  private static final Duration STOP_TIMEOUT_AFTER_FAILURE = Duration.ofSeconds(5);

  private static final int RATE_SECONDS = 10;

  private final RunOptions options;
  private final DataDirectory data;
  private final ComponentProvider provider;
  private final Console console;
  private final ShutdownSignal request;
  private final Clock clock;
  private final StalledTableDetector rows = new StalledTableDetector();
  private final Deque<Long> ticksEachSecond = new ArrayDeque<>();
  private LocalStack parts;
  private ConnectorDeployment connectors;
  private Measurement measurement;
  private Instant firstTick;
  private Instant sendingEnded;

  /** How a run ended. */
  public enum Outcome {
    /** Ticks reached Cassandra, and of this run none is missing. */
    COMPLETE,

    /** Ticks reached Cassandra, but the run ended before all had. */
    INCOMPLETE,

    /** No tick reached Cassandra. */
    NO_TICK
  }

  public PipelineRun(
      RunOptions options,
      DataDirectory data,
      ComponentProvider provider,
      Console console,
      ShutdownSignal request,
      Clock clock) {
    this.options = options;
    this.data = data;
    this.provider = provider;
    this.console = console;
    this.request = request;
    this.clock = clock;
  }

  /**
   * Runs the pipeline until its duration is over or it is asked to stop. Nothing runs any more when
   * this returns or throws.
   *
   * @throws UsageException when something is wrong that was asked for or found here
   * @throws ComponentException when a component did not start or died
   */
  public Outcome run() {
    try {
      parts = LocalStack.of(provider, options, data);
      connectors = new ConnectorDeployment(parts.connect());
      data.markRunning();
      Machine.warnings(data.path()).forEach(console::line);
      boolean orderly = false;
      try {
        Outcome outcome = startAndWatch();
        orderly = true;
        return outcome;
      } finally {
        stop(orderly ? ComponentSettings.STOP_TIMEOUT : STOP_TIMEOUT_AFTER_FAILURE);
        data.markStopped();
      }
    } catch (IOException e) {
      throw new UsageException(
          "Cannot write the data directory " + options.dataDir() + ": " + e.getMessage(), e);
    }
  }

  private Outcome startAndWatch() {
    console.line(options.feeds().shown());
    StartUp start = new StartUp(options, data, parts, console, clock);
    try {
      measurement = start.run(request);
    } catch (CancellationException e) {
      measurement = start.measurement();
      console.line("stopped before everything had started");
      report(Drain.ENDED);
      return Outcome.NO_TICK;
    } finally {
      measurement = start.measurement();
    }
    watch();
    Drain drained = drain();
    report(drained);
    if (measurement.ticksInCassandra() == 0) {
      return Outcome.NO_TICK;
    }
    return drained == Drain.INCOMPLETE ? Outcome.INCOMPLETE : Outcome.COMPLETE;
  }

  private void watch() {
    Instant begin = clock.instant();
    Duration pause = POLL_INTERVAL_BEFORE_FIRST_TICK;
    while (!request.await(pause) && !isOver()) {
      measurement.look();
      requireHealthy();
      if (firstTick == null && measurement.ticksInCassandra() > 0) {
        firstTick = clock.instant();
        pause = POLL_INTERVAL;
      }
      if (firstTick != null) {
        show();
      } else if (clock.instant().isAfter(begin.plus(FIRST_TICK_TIMEOUT))
          && !options.feeds().simulated().isEmpty()) {
        throw parts
            .spark()
            .failure("brought no tick to Cassandra in " + FIRST_TICK_TIMEOUT.toSeconds() + " s");
      }
    }
    console.endOfTable();
  }

  private boolean isOver() {
    return firstTick != null
        && options.duration().map(wanted -> running().compareTo(wanted) >= 0).orElse(false);
  }

  private Duration running() {
    return firstTick == null
        ? Duration.ZERO
        : Duration.between(firstTick, sendingEnded == null ? clock.instant() : sendingEnded);
  }

  private void requireHealthy() {
    for (Component component : parts.inStopOrder()) {
      if (!component.isRunning() && !request.isRequested()) {
        console.endOfTable();
        throw component.failure(
            "stopped with exit code "
                + ExitCode.shown(component.exitCode().orElse(-1))
                + " while the pipeline ran");
      }
    }
    connectors
        .failureOf(Stream.of(Feed.values()).map(feed -> feed.id() + "-source").toList())
        .ifPresent(
            failure -> {
              console.endOfTable();
              throw failure;
            });
  }

  private void show() {
    measurement.endOfSecond();
    ticksEachSecond.addLast(measurement.ticksInCassandra());
    if (ticksEachSecond.size() > RATE_SECONDS + 1) {
      ticksEachSecond.removeFirst();
    }
    int seconds = ticksEachSecond.size() - 1;
    double rate =
        seconds == 0
            ? 0
            : (ticksEachSecond.getLast() - ticksEachSecond.getFirst()) / (double) seconds;
    List<String> sources =
        Stream.of(Feed.values()).map(feed -> feed.source(options.feeds().isLive(feed))).toList();
    console.show(
        new Snapshot(
            clock.instant(),
            options.feeds().shown(),
            running(),
            options.duration(),
            measurement.ticksInCassandra(),
            rate,
            measurement.recentLatency(),
            measurement.gaps(),
            measurement.rejected(),
            rows.look(
                clock.instant(),
                measurement.ticksInCassandra(),
                !options.feeds().simulated().isEmpty()
                    || measurement.ticksInKafka() > measurement.ticksInCassandra()),
            measurement.latestPrices(sources)));
  }

  /** How a drain ended. */
  private enum Drain {
    /** All that was sent is in the topic and in the table, or nothing was to be drained. */
    ENDED,

    /** The table has all of the topic; what a lost connection took with it is in the gap ledger. */
    WITH_GAPS,

    INCOMPLETE
  }

  /** Stops what sends, then waits until everything sent is in the topic and in the table. */
  private Drain drain() {
    parts.simulator().ifPresent(FeedSimulator::pauseSending);
    sendingEnded = clock.instant();
    options.feeds().live().forEach(this::stopConnector);
    console.line("draining: what was sent is on its way to Cassandra (Ctrl-C again stops at once)");
    Instant end = clock.instant().plus(DRAIN_TIMEOUT);
    long inKafka = -1;
    Instant quietSince = clock.instant();
    do {
      requireHealthyWhileDraining();
      if (measurement.ticksInKafka() != inKafka) {
        inKafka = measurement.ticksInKafka();
        quietSince = clock.instant();
      }
      boolean quiet =
          ticksSent().isPresent() || clock.instant().isAfter(quietSince.plus(QUIET_PERIOD));
      if (measurement.isDrained(ticksSent()) && quiet) {
        return Drain.ENDED;
      }
      if (measurement.gaps() > 0
          && measurement.isDrained(Optional.empty())
          && clock.instant().isAfter(quietSince.plus(LOST_TICKS_TIMEOUT))) {
        return Drain.WITH_GAPS;
      }
    } while (clock.instant().isBefore(end) && !request.awaitUrgent(Duration.ofMillis(200)));
    return Drain.INCOMPLETE;
  }

  /**
   * A live feed goes on sending: only its connector can end that. If it cannot, the drain ends what
   * it has.
   */
  private void stopConnector(Feed feed) {
    try {
      parts.connect().rest().stop(feed.id() + "-source");
    } catch (ConnectRestException | UncheckedIOException e) {
      LOG.warn("The connector of {} was not stopped before the drain", feed.title(), e);
    }
  }

  private void requireHealthyWhileDraining() {
    for (Component component : parts.inStopOrder()) {
      if (!component.isRunning()) {
        throw component.failure(
            "stopped with exit code "
                + ExitCode.shown(component.exitCode().orElse(-1))
                + " while the pipeline was drained");
      }
    }
  }

  /** Empty when a feed is live: nobody knows what it sent. */
  private Optional<Long> ticksSent() {
    return options.feeds().live().isEmpty()
        ? parts
            .simulator()
            .filter(FeedSimulator::isRunning)
            .map(
                simulator ->
                    simulator.ticksSent().values().stream().mapToLong(Long::longValue).sum())
        : Optional.empty();
  }

  private void report(Drain drained) {
    RunReport report = measurement == null ? nothingYet() : measured();
    console.line(report.summary(options.feeds().shown()));
    if (drained == Drain.INCOMPLETE) {
      console.line(missing(report));
    } else if (drained == Drain.WITH_GAPS) {
      console.line(
          (report.ticksSent() == null ? "some" : report.ticksSent() - report.ticksInKafka())
              + " ticks were sent over connections that were lost; "
              + report.gaps()
              + " gap records say when");
    }
    options.report().ifPresent(report::write);
    options.report().ifPresent(file -> console.line("report: " + file));
  }

  private RunReport measured() {
    return new RunReport(
        running().toMillis() / 1000.0,
        ticksSent().orElse(null),
        measurement.ticksInKafka(),
        measurement.ticksInCassandra(),
        measurement.gaps(),
        measurement.rejected(),
        measurement.latency().map(PipelineRun::latency).orElse(null),
        componentReports());
  }

  /** The report of a run that was ended before Kafka ran. */
  private RunReport nothingYet() {
    Long sent = options.feeds().live().isEmpty() ? 0L : null;
    return new RunReport(0, sent, 0, 0, 0, 0, null, componentReports());
  }

  private static String missing(RunReport report) {
    long notInKafka =
        report.ticksSent() == null ? 0 : Math.max(0, report.ticksSent() - report.ticksInKafka());
    long notInCassandra = report.ticksInKafka() - report.ticksInCassandra();
    return "the drain ended before everything had arrived: "
        + notInKafka
        + " ticks are not in Kafka, "
        + notInCassandra
        + " are in Kafka and not yet in Cassandra";
  }

  private static RunReport.Latency latency(LatencyRecorder.Quantiles some) {
    return new RunReport.Latency(some.p50(), some.p99(), some.max());
  }

  private Map<String, RunReport.Component> componentReports() {
    Map<String, RunReport.Component> reports = new LinkedHashMap<>();
    List<Component> inOrder = new ArrayList<>(parts.inStopOrder());
    for (Component component : inOrder) {
      Long megabytes =
          component.residentBytes().isPresent()
              ? component.residentBytes().getAsLong() / 1_000_000
              : null;
      reports.put(
          component.name(),
          new RunReport.Component(
              component.version(), component.startup().toMillis() / 1000.0, megabytes));
    }
    return reports;
  }

  private void stop(Duration bound) {
    if (measurement != null) {
      guarded("the measurement", measurement::close);
    }
    // The second Ctrl-C has ended the drain at most; one that comes now ends everything.
    request.whileStopping(() -> parts.inStopOrder().forEach(Component::kill));
    for (Component component : parts.inStopOrder()) {
      if (component.isRunning()) {
        console.line("stopping " + component.name());
        guarded(component.name(), () -> component.stop(bound));
      }
    }
  }

  /** One that cannot be stopped must not keep the others running. */
  private static void guarded(String what, Runnable stop) {
    try {
      stop.run();
    } catch (RuntimeException e) {
      LOG.warn("Stopping {} failed", what, e);
    }
  }
}
