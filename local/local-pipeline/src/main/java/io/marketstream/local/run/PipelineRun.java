package io.marketstream.local.run;

import io.marketstream.embedded.component.Component;
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
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of {@code up}: start, watch, drain, report, stop. All on the thread that calls {@link
 * #run()}.
 */
public final class PipelineRun {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineRun.class);
  private static final Duration DRAIN_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration POLL_INTERVAL_BEFORE_FIRST_TICK = Duration.ofMillis(200);
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  /** A topic that has not grown for this time holds everything, if nobody knows what was sent. */
  private static final Duration QUIET_PERIOD = Duration.ofSeconds(2);

  /** Ticks of a lost connection are given up when the topic has not grown for this time. */
  private static final Duration LOST_TICKS_TIMEOUT = Duration.ofSeconds(10);

  /** Shorter than usual: a component may wait for the one that failed. */
  static final Duration STOP_TIMEOUT_AFTER_FAILURE = Duration.ofSeconds(5);

  /** The shown rate of ticks is the mean over this time. */
  private static final int RATE_SECONDS = 10;

  private final RunOptions options;
  private final DataDirectory data;
  private final LocalStack stack;
  private final Console console;
  private final ShutdownSignal shutdown;
  private final Clock clock;
  private final Instant runStart;
  private final StalledTableDetector stalledTable = new StalledTableDetector();
  private final Deque<Long> ticksEachSecond = new ArrayDeque<>();
  private @Nullable Instant firstTick;
  private @Nullable Instant sendingEnded;

  /** How a run ended. */
  public enum Outcome {
    /** Ticks reached Cassandra, and none is missing without a gap record. */
    COMPLETE,

    /** Ticks reached Cassandra, but the run ended before all had arrived. */
    INCOMPLETE,

    /** The run was stopped before a tick reached Cassandra. */
    NO_TICK
  }

  public PipelineRun(
      RunOptions options,
      DataDirectory data,
      LocalStack stack,
      Console console,
      ShutdownSignal shutdown,
      Clock clock) {
    this.options = options;
    this.data = data;
    this.stack = stack;
    this.console = console;
    this.shutdown = shutdown;
    this.clock = clock;
    this.runStart = clock.instant();
  }

  /**
   * Runs the pipeline until its duration is over or the shutdown signal comes. No component runs
   * any more when this returns or throws.
   *
   * @throws UsageException if the person at the terminal can put something right
   * @throws ComponentException if a component did not start, or died
   */
  public Outcome run() {
    try {
      data.markRunning(options.ports());
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
    console.line(options.feeds().toDisplayString());
    try {
      stack.start(shutdown);
    } catch (CancellationException e) {
      console.line("stopped before everything had started");
      report(stack.measurement().map(this::measured).orElseGet(this::nothingMeasured), Drain.ENDED);
      return Outcome.NO_TICK;
    }
    console.line("  web page and API: " + stack.page());
    Measurement measurement = stack.measurement().orElseThrow();
    watch(measurement);
    Drain drained = drain(measurement);
    report(measured(measurement), drained);
    if (measurement.ticksInCassandra() == 0) {
      return Outcome.NO_TICK;
    }
    return drained == Drain.INCOMPLETE ? Outcome.INCOMPLETE : Outcome.COMPLETE;
  }

  private void watch(Measurement measurement) {
    FirstTickWait firstTickWait = new FirstTickWait(clock.instant());
    Duration pause = POLL_INTERVAL_BEFORE_FIRST_TICK;
    while (!shutdown.await(pause) && !isOver()) {
      measurement.poll();
      if (!shutdown.isRequested()) {
        requireRunning("while the pipeline ran", true);
      }
      requireConnectors();
      if (firstTick == null && measurement.ticksInCassandra() > 0) {
        firstTick = clock.instant();
        pause = POLL_INTERVAL;
      }
      if (firstTick != null) {
        show(measurement);
      } else if (firstTickWait.isOver(clock.instant())) {
        throw noTick(measurement);
      } else {
        firstTickWait.notice(clock.instant()).ifPresent(console::line);
      }
    }
    console.endOfTable();
  }

  /** A run that brings no tick fails. Otherwise it would last for ever, whatever its duration. */
  private ComponentException noTick(Measurement measurement) {
    return measurement.ticksInKafka() == 0
        ? FirstTickWait.nothingReceived(options.feeds(), stack.connectLog(), runStart)
        : stack
            .spark()
            .failure("brought no tick to Cassandra in " + FirstTickWait.TIMEOUT.toSeconds() + " s");
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

  /**
   * Throws the failure of a component that has stopped by itself.
   *
   * @param mayBeSignalled whether a signal to the run, which reaches its components too, explains
   *     it
   */
  private void requireRunning(String when, boolean mayBeSignalled) {
    for (Component component : stack.inStopOrder()) {
      if (!component.isRunning() && !(mayBeSignalled && shutdown.isRequested())) {
        console.endOfTable();
        throw component.failure(
            "stopped with exit code "
                + ExitCode.describe(component.exitCode().orElse(-1))
                + " "
                + when);
      }
    }
  }

  private void requireConnectors() {
    stack
        .connectors()
        .failureOf(options.feeds().active().stream().map(Feed::connector).toList())
        .ifPresent(
            failure -> {
              console.endOfTable();
              throw failure;
            });
  }

  private void show(Measurement measurement) {
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
        options.feeds().active().stream()
            .map(feed -> feed.source(options.feeds().isLive(feed)))
            .toList();
    console.show(
        new Snapshot(
            clock.instant(),
            options.feeds().toDisplayString(),
            stack.page(),
            running(),
            options.duration(),
            measurement.ticksInCassandra(),
            rate,
            measurement.recentLatency(),
            measurement.gaps(),
            measurement.rejected(),
            stalledTable.check(
                clock.instant(),
                measurement.ticksInCassandra(),
                !options.feeds().simulated().isEmpty()
                    || measurement.ticksInKafka() > measurement.ticksInCassandra()),
            measurement.latestPrices(sources)));
  }

  /** How a drain ended. */
  private enum Drain {
    /** Everything that was sent is in the topic and in the table, or nothing was sent. */
    ENDED,

    /** The table has everything that is in the topic. Gap records explain the other ticks. */
    WITH_GAPS,

    /** The time was over, or a second signal came, before everything had arrived. */
    INCOMPLETE
  }

  /** Stops the feeds, then waits until everything that was sent is in the topic and the table. */
  private Drain drain(Measurement measurement) {
    stack.simulator().ifPresent(FeedSimulator::pauseSending);
    sendingEnded = clock.instant();
    options.feeds().live().forEach(this::stopConnector);
    console.line("draining: what was sent is on its way to Cassandra (Ctrl-C again stops at once)");
    Instant end = clock.instant().plus(DRAIN_TIMEOUT);
    long inKafka = -1;
    Instant quietSince = clock.instant();
    do {
      requireRunning("while the pipeline was drained", false);
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
    } while (clock.instant().isBefore(end) && !shutdown.awaitSecond(Duration.ofMillis(200)));
    return Drain.INCOMPLETE;
  }

  /** Stops the connector of a live feed, because a live feed goes on sending. */
  private void stopConnector(Feed feed) {
    try {
      stack.connectors().stop(feed.connector());
    } catch (ConnectRestException | UncheckedIOException e) {
      LOG.warn("The connector of {} was not stopped before the drain", feed.title(), e);
    }
  }

  /** Returns the number of ticks sent, or empty if a feed is live: nobody counts its ticks. */
  private Optional<Long> ticksSent() {
    return options.feeds().live().isEmpty()
        ? stack
            .simulator()
            .filter(FeedSimulator::isRunning)
            .map(
                simulator ->
                    simulator.ticksSent().values().stream().mapToLong(Long::longValue).sum())
        : Optional.empty();
  }

  private void report(RunReport report, Drain drained) {
    console.line(report.summary(options.feeds().toDisplayString()));
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

  private RunReport measured(Measurement measurement) {
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

  /** Returns the report of a run that ended before Kafka had started. */
  private RunReport nothingMeasured() {
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
    for (Component component : stack.inStopOrder()) {
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

  private void stop(Duration timeout) {
    guarded("the measurement", stack::closeMeasurement);
    // A signal that comes from now on kills all components.
    shutdown.whileStopping(stack::kill);
    for (Component component : stack.inStopOrder()) {
      if (component.isRunning()) {
        console.line("stopping " + component.name());
        guarded(component.name(), () -> component.stop(timeout));
      }
    }
  }

  /** Runs a stop. If it fails, the others must still stop. */
  private static void guarded(String what, Runnable stop) {
    try {
      stop.run();
    } catch (RuntimeException e) {
      LOG.warn("Stopping {} failed", what, e);
    }
  }
}
